internal import CLIP
public import Core
internal import FeatureStore
internal import FoundationEssentials
internal import Splits

/// A build cut into shards, which any number of machines can process in any order: `plan.json` in the feature folder.
///
/// It identifies everything that determines the values by content, so that a worker detects changes of the split, the
/// weights or the prompts. It contains no machine, time or number of workers, so that outputs are the same bytes
/// wherever they are made.
public struct ShardPlan: Sendable, Equatable {
    /// The feature folder, which contains the plan and the shard outputs.
    public let folder: String
    private let document: Document

    /// The shards, in the order of their indices.
    public var shards: [Shard] { document.shards }
    /// The digest of everything that determines the shard outputs, which name it.
    public var identity: Digest { document.identity }
    private var settings: FeatureSettings { document.settings }
    /// The origin of each feature file, by kind.
    var files: [String: Provenance] { document.files }

    /// The name of the plan's file.
    public static let fileName = "plan.json"
    /// The path of the plan's file.
    public var path: String { folder.appending(path: Self.fileName) }

    var partsFolder: String { folder.appending(path: Self.partsName) }
    static let partsName = "parts"

    /// The number of views of all shards.
    public var viewCount: Int { shards.reduce(0) { $0 + $1.views } }
    /// The number of items of all shards.
    public var itemCount: Int { shards.reduce(0) { $0 + $1.itemCount } }

    /// The default number of views per shard: minutes on two cores.
    public static let usefulViews = 20_000

    private struct Document: ChecksummedRecord, Sendable {
        var format = "fewshot-plan"
        var version = 1
        let identity: Digest
        let settings: FeatureSettings
        let files: [String: Provenance]
        let shards: [Shard]
        var checksum: Digest?
    }

    /// The content that ``identity`` is the digest of.
    private struct Content: Encodable {
        let files: [String: Provenance]
        let shards: [Shard]
    }

    /// Cuts `build` into `count` shards; by default, into shards of some minutes each.
    ///
    /// - Throws: the faults of the build before its first image.
    public init(_ build: FeatureBuild, shards count: Int? = nil) throws(Fault) {
        let resolved = try ResolvedBuild(build)
        _ = try ExistingOutput(resolved)
        let usual = max(1, min(resolved.itemCount, resolved.viewCount / Self.usefulViews))
        let shards = try Shard.cut(resolved, into: count ?? usual)
        let files = resolved.provenances
        folder = build.output
        document = Document(
            identity: Self.identity(files, shards),
            settings: try build.settings.planned(in: build.output, resolved.precision), files: files, shards: shards)
    }

    private static func identity(_ files: [String: Provenance], _ shards: [Shard]) -> Digest {
        Digest(of: JSONDocument.line(Content(files: files, shards: shards)))
    }

    /// Reads the plan at `path`, or in the folder at `path`.
    ///
    /// - Throws: `badData` for a file that is not a plan, or was edited.
    public init(path: String) throws(Fault) {
        let file = try FileKind.found(at: path) == .folder ? path.appending(path: Self.fileName) : path
        do throws(Fault) {
            document = try Document.read(file, expected: "a plan of shards")
        } catch {
            throw error.status == .badData
                ? error.with(remedy: "plan again with \(option: "replace"); parts are kept") : error
        }
        guard document.format == "fewshot-plan", document.version == 1 else {
            throw .badData(
                file, found: "\(document.format) \(document.version)", expected: "fewshot-plan 1",
                remedy: "plan again with this version and \(option: "replace")")
        }
        folder = parentFolder(of: file)
        // Anyone may have written the plan: the sums must not overflow.
        let limit = 1 << 40
        let isSound = shards.enumerated().allSatisfy { index, shard in
            shard.index == index && (1 ... limit).contains(shard.views) && shard.slices.count <= 3
                && shard.slices.allSatisfy { (0 ... limit).contains($0.first) && (1 ... limit).contains($0.count) }
        }
        guard !shards.isEmpty, isSound, identity == Self.identity(files, shards) else {
            throw .badData(
                file, found: "a plan that was changed after it was written", expected: "identity \(identity)",
                remedy: "plan again with \(option: "replace"); parts are kept")
        }
    }

    /// Writes the plan into its folder, unless the same plan exists there.
    ///
    /// - Returns: whether the plan existed.
    /// - Throws: `cannotCreate` if another plan exists, unless `replaces`.
    public func write(replaces: Bool) throws(Fault) -> Bool {
        if !replaces, try FileKind.found(at: path) != .absent {
            let other = try ShardPlan(path: path)
            if other.identity == identity, other.settings == settings { return true }
            let difference = other.difference(from: self)
            let isOfOtherItems = difference.field == "split"
            throw Fault(
                .cannotCreate, path,
                found: isOfOtherItems
                    ? "a plan for other items or classes" : "a plan with \(difference.field) '\(difference.found)'",
                expected: isOfOtherItems ? "those of the split" : "'\(difference.expected)' as now asked for",
                remedy: "choose another output, or plan anew with \(option: "replace")")
        }
        try makeFolder(folder)
        try PublishedFile.publish(JSONDocument.page(document.sealed), to: path)
        return false
    }

    /// The first difference of two plans.
    func difference(from other: ShardPlan) -> Provenance.Difference {
        for (name, provenance) in files.sorted(by: { $0.key < $1.key }) {
            guard let theirs = other.files[name] else { continue }
            if let difference = provenance.firstDifference(from: theirs) { return difference }
        }
        if shards.count != other.shards.count {
            return .init(field: "shards", found: "\(shards.count)", expected: "\(other.shards.count)")
        }
        return .init(
            field: "paths", found: "\(settings.root), \(settings.model)",
            expected: "\(other.settings.root), \(other.settings.model)")
    }

    /// The planned build, whose paths may be changed before it is used.
    public func build() throws(Fault) -> FeatureBuild { FeatureBuild(try settings.located(in: folder), output: folder) }

    /// Checks that a build is the planned one.
    ///
    /// - Throws: `badData` that names the change.
    func require(_ resolved: ResolvedBuild) throws(Fault) {
        for (name, now) in resolved.provenances.sorted(by: { $0.key < $1.key }) {
            guard let planned = files[name] else {
                throw .badData(
                    path, found: "no \(name) items", expected: "those that the split has now",
                    remedy: "plan again with \(option: "replace")")
            }
            if let difference = now.firstDifference(from: planned) {
                let isOfOtherItems = difference.field == "split"
                throw .badData(
                    path,
                    found: isOfOtherItems
                        ? "other \(name) items or classes in \(resolved.split.input.name) now"
                        : "\(name) features with \(difference.field) '\(difference.found)' now",
                    expected: isOfOtherItems ? "those of the plan" : "'\(difference.expected)' as planned",
                    remedy: "put back what has changed, or plan again with \(option: "replace")")
            }
        }
    }
}

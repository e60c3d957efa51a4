internal import CLIP
public import Core
internal import FeatureStore
internal import Foundation

/// A build cut into shards that workers on any number of machines do in any order: `plan.json` in the feature folder to make.
///
/// It holds everything that decides the values, by content, so that a worker notices when the split, the weights or the prompts
/// have changed since; and no machine, clock or number of workers, so that parts are the same bytes wherever they are made.
public struct ShardPlan: Sendable, Equatable {
    /// The feature folder, which holds the plan and will hold its parts.
    public let folder: String
    public let shards: [Shard]
    /// SHA-256 of what decides the parts; each of them names it.
    public let identity: Digest
    let settings: FeatureSettings
    /// How each feature file comes to be.
    let files: [String: Provenance]

    public static let fileName = "plan.json"
    public var path: String { "\(folder)/\(Self.fileName)" }

    /// Where the parts are.
    var partsFolder: String { "\(folder)/\(Self.partsName)" }
    static let partsName = "parts"

    /// Views to encode in all.
    public var viewCount: Int { shards.reduce(0) { $0 + $1.views } }
    /// Items to encode in all.
    public var itemCount: Int { shards.reduce(0) { $0 + $1.slices.reduce(0) { $0 + $1.count } } }

    /// Views that a shard has where nothing is asked for: minutes on two cores.
    public static let usefulViews = 20_000

    private struct Document: Codable {
        var format = "fewshot-plan"
        var version = 1
        var identity: Digest
        var settings: FeatureSettings
        var files: [String: Provenance]
        var shards: [Shard]
    }

    /// What the parts depend on.
    private struct Content: Encodable {
        let files: [String: Provenance]
        let shards: [Shard]
    }

    /// Cuts `build` into `count` shards, or into as many as give each some minutes of work.
    ///
    /// - Throws: what the build would refuse, before any image is touched.
    public init(_ build: FeatureBuild, shards count: Int? = nil) throws(Fault) {
        let plan = try BuildPlan(build)
        _ = try Standing(plan, build)
        let views = plan.parts.reduce(0) { $0 + $1.items.count * $1.views }
        shards = try Shard.cut(plan, into: count ?? max(1, min(plan.itemCount, views / Self.usefulViews)))
        files = plan.provenances
        folder = build.output
        settings = try build.settings.planned(in: build.output, plan.precision)
        identity = Self.identity(files, shards)
    }

    private static func identity(_ files: [String: Provenance], _ shards: [Shard]) -> Digest {
        Digest(of: JSONDocument.line(Content(files: files, shards: shards)))
    }

    /// Reads the plan at `path`, or in the folder at `path`.
    ///
    /// - Throws: `badData` for a file that is no plan, or was changed by hand.
    public init(path: String) throws(Fault) {
        let file = try FileKind.found(at: path) == .folder ? "\(path)/\(Self.fileName)" : path
        let document = try JSONDocument.read(Document.self, from: file, expected: "a plan of shards")
        guard document.format == "fewshot-plan", document.version == 1 else {
            throw .badData(
                file, found: "\(document.format) \(document.version)", expected: "fewshot-plan 1",
                remedy: "\(action: .planShards)")
        }
        (folder, shards, files) = (parentFolder(of: file), document.shards, document.files)
        (settings, identity) = (document.settings, document.identity)
        let isSound =
            !shards.isEmpty && identity == Self.identity(files, shards)
            && shards.enumerated().allSatisfy { index, shard in
                // Sums of them must fit, whoever wrote the plan.
                shard.index == index && (1 ... 1 << 40).contains(shard.views) && shard.slices.count <= 3
                    && shard.slices.allSatisfy {
                        (0 ... 1 << 40).contains($0.first) && (1 ... 1 << 40).contains($0.count)
                    }
            }
        guard isSound else {
            throw .badData(
                file, found: "a plan that is not as it was written", expected: "identity \(identity)",
                remedy: "\(action: .planShards)")
        }
    }

    /// Writes the plan into its folder; one that stands there and says the same stays.
    ///
    /// - Returns: whether the plan was there already.
    /// - Throws: `cannotCreate` where another plan stands there, unless `replaces`.
    public func write(replaces: Bool) throws(Fault) -> Bool {
        if !replaces, try FileKind.found(at: path) != .absent {
            let other = try ShardPlan(path: path)
            if other.identity == identity, other.settings == settings { return true }
            let difference = other.difference(from: self)
            throw Fault(
                .cannotCreate, path, found: "a plan with \(difference.field) '\(difference.found)'",
                expected: "'\(difference.expected)' as now asked for",
                remedy: "choose another output, or plan anew with \(option: "replace")")
        }
        try makeFolder(folder)
        try PublishedFile.publish(
            JSONDocument.page(Document(identity: identity, settings: settings, files: files, shards: shards)), to: path)
        return false
    }

    /// The first thing in which two plans differ.
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

    /// The build that was planned; paths can be changed before it is used.
    public func build() throws(Fault) -> FeatureBuild { FeatureBuild(try settings.located(in: folder), output: folder) }

    /// Makes sure that a build is still what was planned.
    ///
    /// - Throws: `badData` naming what has changed.
    func require(_ plan: BuildPlan) throws(Fault) {
        for (name, now) in plan.provenances.sorted(by: { $0.key < $1.key }) {
            guard let planned = files[name] else {
                throw .badData(
                    path, found: "no \(name) items", expected: "those that the split has now",
                    remedy: "plan again with \(option: "replace")")
            }
            if let difference = now.firstDifference(from: planned) {
                throw .badData(
                    path, found: "\(name) features with \(difference.field) '\(difference.found)' now",
                    expected: "'\(difference.expected)' as planned",
                    remedy: "put back what has changed, or plan again with \(option: "replace")")
            }
        }
    }
}

extension BuildPlan {
    /// How each feature file comes to be, by its part.
    var provenances: [String: Provenance] {
        var files = [FeatureFile.Kind.text.rawValue: text.provenance]
        for part in parts { files[part.part.rawValue] = part.provenance }
        return files
    }
}

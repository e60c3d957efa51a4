internal import CLIP
internal import Core
internal import FeatureStore
internal import Foundation
internal import Images
internal import Kernels
internal import Splits

/// What a plan keeps of a build, so that a worker elsewhere makes the same rows.
///
/// Paths are written from the plan's folder on, so that the tree may be mounted anywhere.
struct PlannedSettings: Codable, Equatable {
    var split: String
    var dataset: String?
    var root: String
    var model: String
    /// Names of template sets, and files.
    var prompts: [String]
    var vocabulary: String?
    var activation: Activation?
    var views: Int
    var viewSeed: UInt64
    var augmentation: Preprocessing.Augmentation
    var passes: PassOrder
    /// Never `auto`: processors differ in what that is.
    var precision: String
    var type: FeatureType
    var shots: [Int]?
    var seeds: [Int]?
    var scheme: FewShotSample.Scheme?
    var truncates: Bool
    var maximumSkipped: Int

    init(_ build: FeatureBuild, _ plan: BuildPlan) throws(Fault) {
        let place = RelativePaths(to: build.output)
        (split, root, model) = (place.path(build.split), place.path(build.root), place.path(build.model))
        (dataset, activation) = (build.dataset, build.activation)
        vocabulary = build.vocabulary.map(place.path)
        prompts = try Self.pieces(build.prompts).map { piece throws(Fault) in
            guard case .file = try FileKind.found(at: piece) else { return piece }
            let path = place.path(piece)
            // Joined again, such a name would fall into pieces.
            return path.contains { "+,".contains($0) } ? piece : path
        }
        (views, viewSeed) = (build.views, build.viewSeed)
        (augmentation, passes, type) = (build.augmentation, build.passes, build.type)
        precision = (plan.precision == .bfloat16 ? PrecisionRequest.bf16 : .f32).rawValue
        (shots, seeds, scheme) = (build.samples?.shots, build.samples?.seeds, build.samples?.scheme)
        (truncates, maximumSkipped) = (build.truncates, build.maximumSkipped)
    }

    private static func pieces(_ prompts: String) throws(Fault) -> [String] {
        if case .file = try FileKind.found(at: prompts) { return [prompts] }
        return prompts.split { "+,".contains($0) }.map(String.init)
    }

    /// The build, of a plan in `folder`.
    func build(in folder: String) throws(Fault) -> FeatureBuild {
        func from(_ path: String) -> String {
            path.hasPrefix("/") || folder == "." ? path : "\(folder)/\(path)"
        }
        var build = FeatureBuild(split: from(split), root: from(root), model: from(model), output: folder)
        (build.dataset, build.activation) = (dataset, activation)
        build.vocabulary = vocabulary.map(from)
        build.prompts = try prompts.map { piece throws(Fault) in
            if case .file = try FileKind.found(at: from(piece)) { return from(piece) }
            return piece
        }.joined(separator: "+")
        (build.views, build.viewSeed) = (views, viewSeed)
        (build.augmentation, build.passes, build.type) = (augmentation, passes, type)
        guard let precision = PrecisionRequest(rawValue: precision), precision != .auto else {
            throw .badData(
                "\(folder)/\(ShardPlan.fileName)", found: "the precision '\(self.precision)'", expected: "f32 or bf16",
                remedy: "make the plan again")
        }
        build.precision = precision
        if let shots, let seeds { build.samples = SampleRequest(shots: shots, seeds: seeds, scheme: scheme ?? .coop) }
        (build.truncates, build.maximumSkipped) = (truncates, maximumSkipped)
        return build
    }
}

/// Paths as they are written in a file of some folder.
private struct RelativePaths {
    private let base: [Substring]
    private let working: String

    init(to folder: String) {
        working = FileManager.default.currentDirectoryPath
        // A link to the folder does not change where `..` leads.
        let real = URL(fileURLWithPath: folder).resolvingSymlinksInPath().path
        base = real.split(separator: "/")
    }

    func path(_ path: String) -> String {
        let whole = URL(fileURLWithPath: path.hasPrefix("/") ? path : "\(working)/\(path)").standardizedFileURL.path
        let pieces = whole.split(separator: "/")
        let shared = zip(base, pieces).prefix { $0 == $1 }.count
        let words = Array(repeating: "..", count: base.count - shared) + pieces.dropFirst(shared).map(String.init)
        return words.isEmpty ? "." : words.joined(separator: "/")
    }
}

internal import CLIP
internal import Core
public import FeatureStore
internal import Kernels

/// The files that a build would make.
public struct BuildSummary: Sendable, Encodable {
    /// A feature file of the build.
    public struct File: Sendable, Encodable {
        public let part: FeatureFile.Kind
        public let path: String
        public let count: Int
        public let views: Int
        public let width: Int
        /// The size of the features in bytes.
        public let byteCount: Int
        /// `reused`, `extended` or `made`.
        public let outcome: String
    }

    public let model: String
    public let precision: String
    public let type: FeatureType
    /// The number of different texts among the prompts.
    public let texts: Int
    public let files: [File]

    init(_ plan: BuildPlan, _ standing: Standing, _ build: FeatureBuild) {
        model = plan.model.architecture.name
        precision = plan.precision.word
        type = build.type
        texts = plan.text.texts.count
        func file(_ part: FeatureFile.Kind, _ count: Int, _ views: Int) -> File {
            File(
                part: part, path: build.path(of: part), count: count, views: views, width: plan.width,
                byteCount: count * views * plan.width * build.type.width,
                outcome: standing.isThere(part) ? "reused" : standing.isExtendable(part) ? "extended" : "made")
        }
        files =
            plan.parts.map { file($0.file, $0.items.count, $0.views) }
            + [file(.text, plan.text.classes.count, plan.text.promptCount)]
    }

    /// The summary for a reader.
    public var page: String {
        "\(model) in \(precision), \(type.rawValue), \(texts) different prompts\n"
            + files.map { file in
                let names = file.part == .text ? ("classes", "prompts") : ("items", "views")
                let size = "\(file.count) \(names.0) x \(file.views) \(names.1) x \(file.width)"
                return "\(file.path): \(size), \((file.byteCount + 1 << 19) >> 20) MiB, \(file.outcome)\n"
            }.joined()
    }
}

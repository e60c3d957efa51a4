internal import CLIP
public import Core
public import FeatureStore
internal import Kernels

/// The result of a build.
public struct BuildOutcome: Sendable, Encodable {
    /// A new or reused feature file.
    public struct File: Sendable, Encodable {
        /// The kind of the file.
        public let part: FeatureFile.Kind
        /// The path of the file.
        public let path: String
        /// The number of items N; of classes in a text file.
        public let count: Int
        /// The number of views V per item; of prompts per class in a text file.
        public let views: Int
        /// The number of values D per feature.
        public let width: Int
        /// The type of the values.
        public let type: FeatureType
        /// Whether the file existed already, made with the same settings.
        public let isReused: Bool
    }

    /// The files of the folder.
    public let files: [File]
    /// Images that were left out.
    public let skipped: [UnusableImage]
    /// The throughput of each stage.
    public let stages: [StageRate]
    /// Seconds from the first image read to the last row written; 0 if no image was encoded.
    public let seconds: Double

    /// Whether every file existed already.
    public var isReused: Bool { files.allSatisfy(\.isReused) }
}

/// An image that cannot be encoded.
public struct UnusableImage: Sendable, Codable, Equatable {
    /// The subset of the item.
    public let subset: Subset
    /// The item's path in the split.
    public let item: String
    /// The fault as a sentence.
    public let reason: String

    private enum CodingKeys: String, CodingKey {
        case subset = "part"
        case item, reason
    }
}

/// The callbacks of a running build.
public struct BuildEvents {
    /// Called with a sentence for the user.
    public var note: (String) -> Void = { _ in }
    /// Called when a stage starts, with nothing done, and after each batch; an error that it throws ends the work after
    /// the batches in flight.
    public var progress: (BuildProgress) throws(Fault) -> Void = { _ throws(Fault) in }

    /// Creates callbacks that do nothing.
    public init() {}
}

/// The progress of a build.
public struct BuildProgress: Sendable {
    /// `prompts`, `compare`, `images` or `merge`.
    public let what: String
    /// The number of finished prompts or views; of items, when they are compared or merged.
    public let done: Int
    /// The number of all of them.
    public let total: Int
    /// The throughput of each stage by itself, on its threads.
    public var stages: [StageRate] = []
}

/// The files that a build would make.
public struct BuildSummary: Sendable, Encodable {
    /// A feature file of the build.
    public struct File: Sendable, Encodable {
        /// The kind of the file.
        public let part: FeatureFile.Kind
        /// The path of the file.
        public let path: String
        /// The number of items N; of classes in a text file.
        public let count: Int
        /// The number of views V per item; of prompts per class in a text file.
        public let views: Int
        /// The number of values D per feature.
        public let width: Int
        /// The size of the features in bytes.
        public let byteCount: Int
        /// `reused`, `extended`, `updated` or `made`.
        public let outcome: String
    }

    /// The architecture of the encoder.
    public let model: String
    /// The precision of the encoder, `f32` or `bf16`.
    public let precision: String
    /// The type of the stored values.
    public let type: FeatureType
    /// The number of different texts among the prompts.
    public let texts: Int
    /// The files of the folder.
    public let files: [File]
    /// The number of views to encode; those that the folder has may be among them.
    public let views: Int

    init(_ resolved: ResolvedBuild) throws(Fault) {
        let existing = try ExistingOutput(resolved)
        model = resolved.model.architecture.name
        precision = resolved.precision.word
        type = resolved.build.type
        texts = resolved.text.texts.count
        files = resolved.shapes.map { kind, count, views in
            File(
                part: kind, path: resolved.build.path(of: kind), count: count, views: views, width: resolved.width,
                byteCount: count * views * resolved.rowBytes,
                outcome: existing.outcome(kind))
        }
        let images = files.filter { $0.part != .text && $0.outcome != "reused" }
        views = images.reduce(0) { $0 + $1.count * $1.views }
    }

    /// The summary for a reader.
    public var page: String {
        "\(model) in \(precision), \(type.rawValue), \(texts) different prompts\n"
            + files.map { file in
                let size = file.part.size(count: file.count, views: file.views, width: file.width)
                return "\(file.path): \(size), \((file.byteCount + 1 << 19) >> 20) MiB, \(file.outcome)\n"
            }.joined() + work
    }

    /// The number of views to encode, and its reason.
    private var work: String {
        guard views > 0 else { return "" }
        let perItem = files.filter { $0.part == .train && $0.outcome != "reused" }.map(\.views).first ?? 1
        let reason = perItem > 1 ? ", \(perItem) per train item; \(OptionName("views")) 0 needs one" : ""
        let atMost = files.contains { ["extended", "updated"].contains($0.outcome) } ? "at most " : ""
        return "\(atMost)\(views) views to encode\(reason)\n"
    }
}

extension FeatureFile.Kind {
    /// The shape of a feature file for a reader, such as `16 classes x 2 prompts x 64`.
    package func size(count: Int, views: Int, width: Int) -> String {
        func counted(_ count: Int, _ one: String, _ many: String) -> String { "\(count) \(count == 1 ? one : many)" }
        let extents =
            self == .text
            ? [counted(count, "class", "classes"), counted(views, "prompt", "prompts")]
            : [counted(count, "item", "items"), counted(views, "view", "views")]
        return "\(extents.joined(separator: " x ")) x \(width)"
    }
}

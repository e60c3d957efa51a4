public import Core
public import FeatureStore

/// The result of a build.
public struct BuildOutcome: Sendable, Encodable {
    /// A new or reused feature file.
    public struct File: Sendable, Encodable {
        public let part: FeatureFile.Kind
        public let path: String
        /// The number of items N; of classes in a text file.
        public let count: Int
        /// The number of views V per item; of prompts per class in a text file.
        public let views: Int
        public let width: Int
        public let type: FeatureType
        public let isReused: Bool
    }

    public let files: [File]
    /// Images that were left out.
    public let skipped: [UnusableImage]
    public let stages: [StageRate]
    /// Seconds from the first image read to the last row written; 0 if no image was encoded.
    public let seconds: Double
    public let notes: [String]

    private enum CodingKeys: String, CodingKey { case files, skipped, stages, seconds }

    /// Whether every file existed already.
    public var isReused: Bool { files.allSatisfy(\.isReused) }
}

/// An image that cannot be encoded.
public struct UnusableImage: Sendable, Codable, Equatable {
    public let part: Subset
    /// The item's path in the split.
    public let item: String
    /// The fault as a sentence.
    public let reason: String
}

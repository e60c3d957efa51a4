internal import Core
public import FeatureStore

/// Receives the numbers of finished and of all rows; an error that it throws ends the import.
public typealias Progress = FeatureStore.Progress

/// The settings shared by all imports.
public struct ImportSettings: Sendable {
    /// The feature folder to write.
    public var output: String
    /// The name of the encoder, which is recorded; features of different encoders are never mixed.
    public var model: String?
    /// The name of the data set; by default the name of the output folder.
    public var dataset: String?
    /// The type of the stored values; by default that of the source.
    public var type: FeatureType?
    /// A file with the class names: a JSON list, or text with one name per line.
    public var classes: String?
    /// A file with the class names of the text features, if they cover only some of the classes.
    public var textClasses: String?
    /// A JSON file with P templates with `{}` for the class name, or with P prompts per class.
    public var prompts: String?
    /// The number of templates among the prompts of a class, by default all; the others are sentences.
    public var templateCount: Int?
    /// The order of the text features' axes, if their sizes do not determine it.
    public var textLayout: TextLayout?
    /// Whether to replace existing features made from other inputs.
    public var replaces: Bool

    /// Creates settings with defaults for everything else.
    public init(output: String, model: String? = nil, replaces: Bool = false) {
        self.output = output
        self.model = model
        self.replaces = replaces
    }

    func recorded(_ type: FeatureType) -> [String: String] {
        var settings = ["dataset": dataset ?? lastComponent(of: output), "dtype": type.rawValue]
        settings["model"] = model
        return settings
    }
}

/// The order of the axes of text features: [P×C×D], [C×P×D], or [D×C].
public enum TextLayout: String, Sendable, Codable, CaseIterable {
    case promptsFirst = "prompts-first"
    case classesFirst = "classes-first"
    case widthFirst = "width-first"
}

/// The result of an import.
public struct ImportOutcome: Sendable {
    /// A feature file that was written or reused.
    public struct File: Sendable, Codable {
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
        /// Whether all rows have unit length.
        public let isNormalized: Bool
        /// Whether the file already existed, made from the same inputs.
        public let isReused: Bool

        init(_ file: borrowing FeatureFile, isReused: Bool) {
            part = file.part
            path = file.path
            count = file.count
            views = file.views
            width = file.width
            type = file.type
            isNormalized = file.isNormalized
            self.isReused = isReused
        }
    }

    /// The files of the folder.
    public let files: [File]
    /// Notes for the user, one sentence each.
    public let notes: [String]

    /// Whether all files already existed.
    public var isReused: Bool { files.allSatisfy(\.isReused) }
}

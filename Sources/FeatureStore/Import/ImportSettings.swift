internal import Core

/// What every importer is told beside its sources.
public struct ImportSettings: Sendable {
    /// The feature folder to make.
    public var output: String
    /// The encoder that made the features, for the record; parts of different encoders are never mixed.
    public var model: String?
    /// The data set's name; the output folder's unless given.
    public var dataset: String?
    /// How values are stored; as in the source unless given.
    public var type: FeatureType?
    /// A JSON list of the class names, or a text file with one a line.
    public var classes: String?
    /// The names of the classes that the text features are of, where these are some of the classes; a list as above.
    public var textClasses: String?
    /// A JSON list of P prompts with `{}` for the class, or of C lists of P prompts.
    public var prompts: String?
    /// How many of a class's prompts are templates; all unless given.
    ///
    /// The others are sentences.
    public var templateCount: Int?
    /// The order of the text features' axes, where their sizes do not tell.
    public var textLayout: TextLayout?
    /// Whether features made otherwise may be replaced.
    public var replaces: Bool

    public init(output: String, model: String? = nil, replaces: Bool = false) {
        self.output = output
        self.model = model
        self.replaces = replaces
    }

    var datasetName: String { dataset ?? lastComponent(of: output) }

    /// The settings that every file records.
    func recorded(_ type: FeatureType) -> [String: String] {
        var settings = ["dataset": datasetName, "dtype": type.rawValue]
        settings["model"] = model
        return settings
    }
}

/// Which axis of the text features [P×C×D] or [C×P×D] comes first.
public enum TextLayout: String, Sendable, Codable, CaseIterable {
    case promptsFirst = "prompts-first"
    case classesFirst = "classes-first"
}

/// What an import has done.
public struct ImportOutcome: Sendable {
    /// A feature file that was written or found to be there already.
    public struct File: Sendable, Codable {
        public let part: FeatureFile.Kind
        public let path: String
        /// Items N; classes in a text file.
        public let count: Int
        /// Views V of each item; prompts of each class in a text file.
        public let views: Int
        public let width: Int
        public let type: FeatureType
        public let isNormalized: Bool
        /// Whether it was there, made from the same inputs.
        public let isReused: Bool
    }

    public let files: [File]
    /// What the user should know, one sentence each.
    public let notes: [String]

    /// Whether nothing had to be written.
    public var isReused: Bool { files.allSatisfy(\.isReused) }
}

public import Core

extension Part {
    /// The name of the feature file in a feature folder.
    public var fileName: String { "\(rawValue).h5" }
}

/// The stored type of feature values.
public enum FeatureType: String, Codable, Sendable, CaseIterable {
    case float16, float32

    /// The size of a value in bytes.
    public var width: Int { self == .float16 ? 2 : 4 }

    var datatype: Datatype { self == .float16 ? .float16 : .float32 }
}

/// The kind of prompt behind a text feature.
public enum PromptKind: String, Codable, Sendable, CaseIterable {
    /// A template filled in with the class name.
    case template
    /// A sentence about the class.
    case sentence
}

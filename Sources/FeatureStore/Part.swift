public import Core

extension Part {
    /// The file's name inside a feature folder.
    public var fileName: String { "\(rawValue).h5" }
}

/// How a feature value is stored.
public enum FeatureType: String, Codable, Sendable, CaseIterable {
    case float16, float32

    /// Bytes of one value.
    public var width: Int { self == .float16 ? 2 : 4 }

    var datatype: Datatype { self == .float16 ? .float16 : .float32 }
}

/// What a text feature was made from.
public enum PromptKind: String, Codable, Sendable, CaseIterable {
    /// A template with the class name put in.
    case template
    /// A sentence about the class.
    case sentence
}

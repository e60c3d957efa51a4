/// The stored type of feature values.
public enum FeatureType: String, Codable, Sendable, CaseIterable {
    case float16, float32

    /// The size of a value in bytes.
    public var width: Int { self == .float16 ? 2 : 4 }

    var datatype: Datatype { self == .float16 ? .float16 : .float32 }
}

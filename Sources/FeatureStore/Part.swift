/// How a feature value is stored.
public enum FeatureType: String, Codable, Sendable, CaseIterable {
    case float16, float32

    /// Bytes of one value.
    public var width: Int { self == .float16 ? 2 : 4 }

    var datatype: Datatype { self == .float16 ? .float16 : .float32 }
}

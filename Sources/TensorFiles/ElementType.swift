/// The type of a tensor's elements, in the words of the formats.
public enum ElementType: String, Sendable, Codable, CaseIterable {
    case float16, float32, float64, bfloat16
    case int8, uint8, int16, int32, int64
    case bool

    /// Bytes of one element.
    public var width: Int {
        switch self {
        case .int8, .uint8, .bool: 1
        case .float16, .bfloat16, .int16: 2
        case .float32, .int32: 4
        case .float64, .int64: 8
        }
    }

    /// Whether the elements are of a floating-point type.
    public var isFloatingPoint: Bool {
        switch self {
        case .float16, .float32, .float64, .bfloat16: true
        case .int8, .uint8, .int16, .int32, .int64, .bool: false
        }
    }
}

/// What a file says of one of its tensors, before any element is read.
public struct TensorDescription: Sendable, Equatable {
    public let name: String
    public let shape: [Int]
    public let type: ElementType

    public init(name: String, shape: [Int], type: ElementType) {
        self.name = name
        self.shape = shape
        self.type = type
    }
}

/// The type of a tensor's elements.
public enum ElementType: String, Sendable, Codable, CaseIterable {
    case float16, float32, float64, bfloat16
    case int8, uint8, int16, int32, int64
    case bool

    /// The size of an element in bytes.
    public var width: Int {
        switch self {
        case .int8, .uint8, .bool: 1
        case .float16, .bfloat16, .int16: 2
        case .float32, .int32: 4
        case .float64, .int64: 8
        }
    }

    /// Whether the type is a floating-point type.
    public var isFloatingPoint: Bool {
        switch self {
        case .float16, .float32, .float64, .bfloat16: true
        case .int8, .uint8, .int16, .int32, .int64, .bool: false
        }
    }
}

/// The name, shape, and type of a tensor in a file.
public struct TensorDescription: Sendable, Equatable {
    /// The name of the tensor.
    public let name: String
    /// The lengths of the axes.
    public let shape: [Int]
    /// The type of the elements.
    public let type: ElementType

    /// Creates a description.
    public init(name: String, shape: [Int], type: ElementType) {
        self.name = name
        self.shape = shape
        self.type = type
    }
}

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
    public var isFloatingPoint: Bool { [.float16, .float32, .float64, .bfloat16].contains(self) }

    /// NumPy's code of the type, such as `f4`, without its byte order; nil for a type that NumPy does not have.
    var npyCode: String? { self == .bfloat16 ? nil : "\(rawValue.prefix(1))\(width)" }

    /// The name of the type in `.safetensors` files, such as `F32`.
    var safetensorsCode: String {
        switch self {
        case .bool: "BOOL"
        case .bfloat16: "BF16"
        default: "\(rawValue.prefix(1).uppercased())\(8 * width)"
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

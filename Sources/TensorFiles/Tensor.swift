/// A row-major, little-endian tensor that owns its bytes.
public struct Tensor: Sendable, Equatable {
    /// The origin of the tensor, as named in errors.
    public let source: String
    /// The lengths of the axes.
    public let shape: [Int]
    /// The type of the elements.
    public let type: ElementType
    /// The elements.
    public let bytes: [UInt8]

    /// Creates a tensor from its bytes, whose number must match the shape.
    public init(_ bytes: [UInt8], shape: [Int], type: ElementType, source: String = "tensor") {
        precondition(
            TensorShape.byteCount(shape, width: type.width) == bytes.count,
            "\(bytes.count) bytes do not match \(type) \(shape)")
        self.source = source
        self.shape = shape
        self.type = type
        self.bytes = bytes
    }

    /// Creates a float32 tensor; the number of `values` must match the shape.
    public init(_ values: [Float], shape: [Int], source: String = "tensor") {
        self.init(littleEndianBytes(of: values), shape: shape, type: .float32, source: source)
    }

    /// Creates an int64 tensor; the number of `values` must match the shape.
    public init(_ values: [Int], shape: [Int], source: String = "tensor") {
        self.init(littleEndianBytes(of: values), shape: shape, type: .int64, source: source)
    }

    /// A view of the tensor, valid while it exists.
    public var view: TensorView {
        @_lifetime(borrow self) borrowing get {
            let span = bytes.span
            return TensorView(unsafe span.bytes, shape: shape, type: type, source: source)
        }
    }

    /// Returns the transposed matrix; nil if the tensor is not a matrix.
    public func transposed() -> Tensor? { shape.count == 2 ? view.transposed() : nil }
}

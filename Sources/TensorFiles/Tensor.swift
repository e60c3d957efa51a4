/// A row-major, little-endian tensor that owns its bytes.
public struct Tensor: Sendable, Equatable {
    /// Where the tensor is from, as an error names it.
    public let source: String
    public let shape: [Int]
    public let type: ElementType
    public let bytes: [UInt8]

    /// Takes `bytes` as a tensor; their number must be that of the shape.
    public init(_ bytes: [UInt8], shape: [Int], type: ElementType, source: String = "tensor") {
        precondition(
            TensorShape.byteCount(shape, width: type.width) == bytes.count,
            "\(bytes.count) bytes are no \(type) \(shape)")
        self.source = source
        self.shape = shape
        self.type = type
        self.bytes = bytes
    }

    /// Copies `values`, which are as many as the shape holds.
    public init(_ values: [Float], shape: [Int], source: String = "tensor") {
        self.init(littleEndianBytes(of: values), shape: shape, type: .float32, source: source)
    }

    /// Copies `values` as int64; they are as many as the shape holds.
    public init(_ values: [Int], shape: [Int], source: String = "tensor") {
        self.init(littleEndianBytes(of: values), shape: shape, type: .int64, source: source)
    }

    /// The tensor's elements; cannot outlive it.
    public var view: TensorView {
        @_lifetime(borrow self) borrowing get {
            let span = bytes.span
            return TensorView(unsafe span.bytes, shape: shape, type: type, source: source)
        }
    }

    /// The tensor with its two axes exchanged, or nil if it has another number of them.
    public func transposed() -> Tensor? {
        guard shape.count == 2 else { return nil }
        let turned = unsafe gathered(
            bytes.span.bytes, shape: [shape[1], shape[0]], strides: [1, shape[1]], offset: 0, width: type.width)
        return Tensor(turned, shape: [shape[1], shape[0]], type: type, source: source)
    }
}

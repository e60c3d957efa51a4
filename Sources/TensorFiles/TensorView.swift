public import Core

/// A view of a row-major, little-endian tensor in a mapped file or a ``Tensor``.
///
/// The bytes may be unaligned.
public struct TensorView: ~Escapable, Copyable {
    /// The origin of the tensor, as named in errors: `images.npy` or `all.safetensors: images`.
    public let source: String
    /// The lengths of the axes.
    public let shape: [Int]
    /// The type of the elements.
    public let type: ElementType
    /// The elements.
    public let bytes: RawSpan

    /// Creates a view of `bytes`, whose number must match the shape.
    @_lifetime(copy bytes)
    public init(_ bytes: RawSpan, shape: [Int], type: ElementType, source: String) {
        precondition(
            TensorShape.byteCount(shape, width: type.width) == bytes.byteCount,
            "\(bytes.byteCount) bytes do not match \(type) \(shape)")
        self.source = source
        self.shape = shape
        self.type = type
        self.bytes = bytes
    }

    /// The number of elements.
    public var elementCount: Int { bytes.byteCount / type.width }

    /// Returns a view of the rows `range` of the first axis.
    @_lifetime(copy self)
    public func rows(_ range: Range<Int>) -> TensorView {
        precondition(!shape.isEmpty && range.lowerBound >= 0 && range.upperBound <= shape[0], "\(range) of \(shape)")
        let rowBytes = shape[0] == 0 ? 0 : bytes.byteCount / shape[0]
        let part = bytes.extracting(range.lowerBound * rowBytes ..< range.upperBound * rowBytes)
        return TensorView(part, shape: [range.count] + shape.dropFirst(), type: type, source: source)
    }

    /// Converts the elements `range`, in row-major order, to float32 and writes them to the start of `output`.
    ///
    /// Integers above 2^24 are rounded; Booleans become 0 and 1.
    public func copyFloats(_ range: Range<Int>, into output: inout [Float]) {
        let part = bytes.extracting(range.lowerBound * type.width ..< range.upperBound * type.width)
        var output = output.mutableSpan
        switch type {
        case .float16: widen(part, as: Float16.self, into: &output) { Float($0) }
        case .bfloat16: widen(part, as: UInt16.self, into: &output) { Float(bitPattern: UInt32($0) << 16) }
        case .float32: widen(part, as: Float.self, into: &output) { $0 }
        case .float64: widen(part, as: Double.self, into: &output) { Float($0) }
        case .int8: widen(part, as: Int8.self, into: &output) { Float($0) }
        case .uint8: widen(part, as: UInt8.self, into: &output) { Float($0) }
        case .int16: widen(part, as: Int16.self, into: &output) { Float($0) }
        case .int32: widen(part, as: Int32.self, into: &output) { Float($0) }
        case .int64: widen(part, as: Int64.self, into: &output) { Float($0) }
        case .bool: widen(part, as: UInt8.self, into: &output) { $0 == 0 ? 0 : 1 }
        }
    }

    /// Returns all elements as float32 in row-major order.
    public func floats() -> [Float] {
        var output = [Float](repeating: 0, count: elementCount)
        copyFloats(0 ..< elementCount, into: &output)
        return output
    }

    /// Returns all elements as integers in row-major order; Booleans become 0 and 1.
    ///
    /// - Throws: `badData` if the elements have a floating-point type.
    public func integers() throws(Fault) -> [Int] {
        var output = [Int](repeating: 0, count: elementCount)
        var target = output.mutableSpan
        switch type {
        case .int8: widen(bytes, as: Int8.self, into: &target) { Int($0) }
        case .uint8: widen(bytes, as: UInt8.self, into: &target) { Int($0) }
        case .int16: widen(bytes, as: Int16.self, into: &target) { Int($0) }
        case .int32: widen(bytes, as: Int32.self, into: &target) { Int($0) }
        case .int64: widen(bytes, as: Int64.self, into: &target) { Int($0) }
        case .bool: widen(bytes, as: UInt8.self, into: &target) { $0 == 0 ? 0 : 1 }
        case .float16, .bfloat16, .float32, .float64:
            throw .badData(
                source, found: "\(type) values", expected: "integers",
                remedy: "save them as int64 or use another file")
        }
        return output
    }

    /// Returns all elements as integers in row-major order, also those of a floating-point type.
    ///
    /// - Throws: `badData` for the first element that is no whole number.
    public func wholeNumbers() throws(Fault) -> [Int] {
        guard type.isFloatingPoint else { return try integers() }
        var values = [Double](repeating: 0, count: elementCount)
        if type == .float64 {
            var target = values.mutableSpan
            widen(bytes, as: Double.self, into: &target) { $0 }
        } else {
            values = floats().map(Double.init)
        }
        return try values.map { value throws(Fault) in
            guard let number = Int(exactly: value) else {
                throw Fault.badData(
                    source, found: "\(type) values, such as \(value)", expected: "whole numbers",
                    remedy: "save them as int64 or use another file")
            }
            return number
        }
    }

    /// Returns a copy of the matrix with its two axes exchanged.
    public func transposed() -> Tensor {
        precondition(shape.count == 2, "\(shape) has no two axes")
        let columns = shape[1]
        let extents = [columns, shape[0]]
        let exchanged = gathered(bytes, shape: extents, strides: [1, columns], offset: 0, width: type.width)
        return Tensor(exchanged, shape: extents, type: type, source: source)
    }

    /// Returns a copy that owns its bytes.
    public func owned() -> Tensor { Tensor(copied(bytes), shape: shape, type: type, source: source) }
}

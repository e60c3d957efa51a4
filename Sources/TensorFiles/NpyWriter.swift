public import Core

/// A writer of a `.npy` file of known shape; no file is left unless ``commit()`` is called.
public struct NpyWriter: ~Copyable {
    private let file: PublishedFile
    private let dataOffset: Int
    private let byteCount: Int
    private var written = 0

    /// Starts the file for `path`.
    ///
    /// - Throws: `cannotCreate` if the folder is not writable, `inputOutput` if the disk has no space for the array.
    public init(_ path: String, shape: [Int], type: ElementType) throws(Fault) {
        guard let byteCount = TensorShape.byteCount(shape, width: type.width) else {
            preconditionFailure("\(shape) has no size")
        }
        let header = try Self.header(shape: shape, type: type, path: path)
        let file = try PublishedFile(path)
        try file.reserve(header.count + byteCount)
        unsafe try file.write(header.span.bytes, at: 0)
        self.dataOffset = header.count
        self.byteCount = byteCount
        self.file = file
    }

    /// Appends row-major, little-endian elements.
    public mutating func append(_ bytes: RawSpan) throws(Fault) {
        precondition(written + bytes.byteCount <= byteCount, "more elements than the shape holds")
        try file.write(bytes, at: dataOffset + written)
        written += bytes.byteCount
    }

    /// Moves the complete file to its path.
    public consuming func commit() throws(Fault) {
        precondition(written == byteCount, "\(written) of \(byteCount) bytes were written")
        try file.publish()
    }

    /// Returns a header of version 1 as written by `numpy.save`, padded so that the elements start at a multiple of 64.
    private static func header(shape: [Int], type: ElementType, path: String) throws(Fault) -> [UInt8] {
        guard let code = type.npyCode else {
            throw .badData(
                path, found: "\(type) elements", expected: "a type supported by .npy", remedy: "write float32 instead")
        }
        let axes = shape.map(String.init).joined(separator: ", ") + (shape.count == 1 ? "," : "")
        let order = type.width > 1 ? "<" : "|"
        var text = Array("{'descr': '\(order)\(code)', 'fortran_order': False, 'shape': (\(axes)), }".utf8)
        while (10 + text.count + 1) % 64 != 0 { text.append(0x20) }
        text.append(0x0A)
        return [0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59, 1, 0, UInt8(text.count & 255), UInt8(text.count >> 8)] + text
    }
}

/// Writes `tensor` to the `.npy` file `path`.
public func writeNpy(_ tensor: TensorView, to path: String) throws(Fault) {
    var writer = try NpyWriter(path, shape: tensor.shape, type: tensor.type)
    try writer.append(tensor.bytes)
    try writer.commit()
}

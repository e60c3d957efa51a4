public import Core

/// A writer of a `.safetensors` file of known shapes; no file is left unless ``commit()`` is called.
///
/// Tensors are sorted by element size, largest first, and then by name, so that equal tensors give equal bytes and
/// elements are aligned.
public struct SafetensorsWriter: ~Copyable {
    private let file: PublishedFile
    private let dataOffset: Int
    private let ranges: [String: Range<Int>]
    private var written: [String: Int] = [:]

    /// Starts the file for `path`.
    ///
    /// - Throws: `cannotCreate` if the folder is not writable, `inputOutput` if the disk has no space for the tensors.
    public init(_ path: String, tensors: [TensorDescription], metadata: [String: String] = [:]) throws(Fault) {
        let (header, ranges) = Self.layout(tensors, metadata)
        let file = try PublishedFile(path)
        try file.reserve(header.count + (ranges.values.map(\.upperBound).max() ?? 0))
        unsafe try file.write(header.span.bytes, at: 0)
        self.ranges = ranges
        dataOffset = header.count
        self.file = file
    }

    /// Appends row-major, little-endian elements to the tensor called `name`.
    public mutating func append(_ bytes: RawSpan, to name: String) throws(Fault) {
        guard let range = ranges[name] else { preconditionFailure("no tensor '\(name)' was announced") }
        let done = written[name, default: 0]
        precondition(done + bytes.byteCount <= range.count, "more elements than the shape of '\(name)' holds")
        try file.write(bytes, at: dataOffset + range.lowerBound + done)
        written[name] = done + bytes.byteCount
    }

    /// Moves the complete file to its path.
    public consuming func commit() throws(Fault) {
        for (name, range) in ranges {
            precondition(written[name, default: 0] == range.count, "'\(name)' is not complete")
        }
        try file.publish()
    }

    /// Returns the header, padded so that the data start at a multiple of 64, and each tensor's byte range in the data.
    private static func layout(
        _ tensors: [TensorDescription], _ metadata: [String: String]
    ) -> (header: [UInt8], ranges: [String: Range<Int>]) {
        precondition(Set(tensors.map(\.name)).count == tensors.count, "two tensors have one name")
        precondition(!tensors.contains { $0.name == "__metadata__" }, "'__metadata__' is a reserved name")
        var fields: [String] = []
        if !metadata.isEmpty {
            let pairs = metadata.sorted { $0.key < $1.key }
            let text = pairs.map { "\(JSONDocument.line($0.key)):\(JSONDocument.line($0.value))" }
            fields.append("\"__metadata__\":{\(text.joined(separator: ","))}")
        }
        var end = 0
        var ranges: [String: Range<Int>] = [:]
        for tensor in tensors.sorted(by: { ($1.type.width, $0.name) < ($0.type.width, $1.name) }) {
            guard let count = TensorShape.byteCount(tensor.shape, width: tensor.type.width) else {
                preconditionFailure("\(tensor.shape) has no size")
            }
            ranges[tensor.name] = end ..< end + count
            let shape = tensor.shape.map(String.init).joined(separator: ",")
            fields.append(
                "\(JSONDocument.line(tensor.name)):{\"dtype\":\"\(tensor.type.safetensorsCode)\",\"shape\":[\(shape)],"
                    + "\"data_offsets\":[\(end),\(end + count)]}")
            end += count
        }
        var text = Array("{\(fields.joined(separator: ","))}".utf8)
        while (8 + text.count) % 64 != 0 { text.append(0x20) }
        return (littleEndianBytes(of: [text.count]) + text, ranges)
    }
}

/// Writes `tensors` by name to the `.safetensors` file `path`.
public func writeSafetensors(
    _ tensors: [String: Tensor], metadata: [String: String] = [:], to path: String
) throws(Fault) {
    let descriptions = tensors.map { TensorDescription(name: $0.key, shape: $0.value.shape, type: $0.value.type) }
    var writer = try SafetensorsWriter(path, tensors: descriptions, metadata: metadata)
    for (name, tensor) in tensors { try writer.append(tensor.view.bytes, to: name) }
    try writer.commit()
}

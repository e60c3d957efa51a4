/// A TensorBoard event file of scalars.
///
/// A record consists of its length (8 bytes), the masked checksum of the length (4), an `Event` message, and the masked
/// checksum of the message (4), all little-endian. The time of an event is its step in seconds, because output files do
/// not depend on the clock.
package struct EventFile {
    /// The content of the file.
    package private(set) var bytes: [UInt8] = []

    /// Creates a file without scalars.
    package init() {
        var event = Message()
        event.append(field: 3, "brain.Event:2")
        append(event)
    }

    /// Appends a scalar.
    package mutating func append(_ tag: String, _ value: Double, step: Int) {
        var scalar = Message()
        scalar.append(field: 1, tag)
        scalar.append(field: 2, Float(value))
        var summary = Message()
        summary.append(field: 1, scalar)
        var event = Message()
        event.append(field: 1, Double(step))
        event.append(field: 2, step)
        event.append(field: 5, summary)
        append(event)
    }

    private mutating func append(_ event: Message) {
        let length = littleEndian(UInt64(event.bytes.count))
        bytes += length + littleEndian(CRC32C.masked(length)) + event.bytes
        bytes += littleEndian(CRC32C.masked(event.bytes))
    }
}

/// An encoder of a protocol buffer message, which omits zeros as the default.
private struct Message {
    private(set) var bytes: [UInt8] = []

    mutating func append(field: Int, _ value: Int) {
        guard value != 0 else { return }
        append(field, form: 0, Self.varint(UInt64(bitPattern: Int64(value))))
    }

    mutating func append(field: Int, _ value: Double) {
        guard value != 0 else { return }
        append(field, form: 1, littleEndian(value.bitPattern))
    }

    /// Appends a field of a `oneof`, which is encoded even if zero.
    mutating func append(field: Int, _ value: Float) { append(field, form: 5, littleEndian(value.bitPattern)) }

    mutating func append(field: Int, _ value: String) { append(field: field, counted: Array(value.utf8)) }
    mutating func append(field: Int, _ value: Message) { append(field: field, counted: value.bytes) }

    private mutating func append(field: Int, counted: [UInt8]) {
        append(field, form: 2, Self.varint(UInt64(counted.count)) + counted)
    }

    /// Appends a tag and its content; forms are 0 varint, 1 eight bytes, 2 length-delimited, and 5 four bytes.
    private mutating func append(_ field: Int, form: Int, _ content: [UInt8]) {
        bytes += Self.varint(UInt64(field << 3 | form)) + content
    }

    private static func varint(_ value: UInt64) -> [UInt8] {
        value < 128 ? [UInt8(value)] : [UInt8(value & 127) | 128] + varint(value >> 7)
    }
}

func littleEndian(_ value: some FixedWidthInteger & UnsignedInteger) -> [UInt8] {
    (0 ..< value.bitWidth / 8).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
}

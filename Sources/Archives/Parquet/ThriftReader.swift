/// An error in data of Thrift's compact protocol.
enum ThriftFailure: Error {
    /// The data end too early; reading may succeed with more of them.
    case truncated
    case damaged
}

/// A reader of Thrift's compact protocol, the encoding of Parquet's metadata.
///
/// Every count is compared with the remaining bytes; unknown fields are skipped.
struct ThriftReader {
    /// The protocol's numeric code for a type.
    enum Kind: UInt8 {
        case yes = 1, no, byte, short, int, long, double, binary, list, set, map, structure
    }

    private let bytes: ArraySlice<UInt8>
    private(set) var offset: Int

    /// The maximum nesting; valid metadata are never deeper.
    private static let depthLimit = 24

    init(_ bytes: ArraySlice<UInt8>) {
        self.bytes = bytes
        offset = bytes.startIndex
    }

    var count: Int { offset - bytes.startIndex }

    private mutating func byte() throws(ThriftFailure) -> UInt8 {
        guard offset < bytes.endIndex else { throw .truncated }
        defer { offset += 1 }
        return bytes[offset]
    }

    private mutating func varint() throws(ThriftFailure) -> UInt64 {
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 64, by: 7) {
            let byte = try byte()
            value |= UInt64(byte & 0x7F) << shift
            if byte & 0x80 == 0 { return value }
        }
        throw .damaged
    }

    private mutating func zigzag() throws(ThriftFailure) -> Int64 {
        let value = try varint()
        return Int64(bitPattern: value >> 1) ^ -Int64(bitPattern: value & 1)
    }

    /// Reads a structure, calling `field` with each field's number and kind; a field that it does not read is skipped.
    mutating func structure(
        _ kind: Kind = .structure, _ field: (inout ThriftReader, Int, Kind) throws(ThriftFailure) -> Void
    ) throws(ThriftFailure) {
        guard kind == .structure else { throw .damaged }
        var number = 0
        while true {
            let head = try byte()
            if head == 0 { return }
            guard let kind = Kind(rawValue: head & 15) else { throw .damaged }
            let step = Int(head >> 4)
            number = step == 0 ? Int(truncatingIfNeeded: try zigzag()) : number + step
            guard (0 ... 1 << 15).contains(number) else { throw .damaged }
            let start = offset
            try field(&self, number, kind)
            // A Boolean has no bytes: there is nothing to skip.
            if offset == start { try skip(kind, depth: 0) }
        }
    }

    mutating func integer(_ kind: Kind) throws(ThriftFailure) -> Int {
        switch kind {
        case .byte: Int(Int8(bitPattern: try byte()))
        case .short, .int, .long: Int(try zigzag())
        default: throw .damaged
        }
    }

    /// Returns the value of a Boolean field, which is encoded in its kind.
    func truth(_ kind: Kind) throws(ThriftFailure) -> Bool {
        guard kind == .yes || kind == .no else { throw .damaged }
        return kind == .yes
    }

    mutating func binary(_ kind: Kind) throws(ThriftFailure) -> ArraySlice<UInt8> {
        guard kind == .binary else { throw .damaged }
        let length = try varint()
        guard length <= UInt64(Int32.max) else { throw .damaged }
        guard length <= UInt64(bytes.endIndex - offset) else { throw .truncated }
        defer { offset += Int(length) }
        return bytes[offset ..< offset + Int(length)]
    }

    mutating func text(_ kind: Kind) throws(ThriftFailure) -> String {
        guard let text = String(validating: try binary(kind), as: UTF8.self) else { throw .damaged }
        return text
    }

    /// Reads a list of structures by `element`.
    mutating func structures<Element>(
        _ kind: Kind, _ element: (inout ThriftReader) throws(ThriftFailure) -> Element
    ) throws(ThriftFailure) -> [Element] {
        guard kind == .list || kind == .set else { throw .damaged }
        let (count, kind) = try listHead()
        guard kind == .structure || count == 0 else { throw .damaged }
        var elements: [Element] = []
        for _ in 0 ..< count { elements.append(try element(&self)) }
        return elements
    }

    private mutating func listHead() throws(ThriftFailure) -> (count: Int, kind: Kind) {
        let head = try byte()
        guard let kind = Kind(rawValue: head & 15) else { throw .damaged }
        let count = head >> 4 == 15 ? try varint() : UInt64(head >> 4)
        // Every element takes at least one byte.
        guard count <= UInt64(bytes.endIndex - offset) else { throw .truncated }
        return (Int(count), kind)
    }

    private mutating func skip(_ kind: Kind, depth: Int) throws(ThriftFailure) {
        guard depth < Self.depthLimit else { throw .damaged }
        switch kind {
        case .yes, .no: break
        case .byte: _ = try byte()
        case .short, .int, .long: _ = try varint()
        case .double:
            guard bytes.endIndex - offset >= 8 else { throw .truncated }
            offset += 8
        case .binary: _ = try binary(kind)
        case .list, .set:
            let (count, kind) = try listHead()
            for _ in 0 ..< count { try skipElement(kind, depth: depth + 1) }
        case .map:
            let count = try varint()
            guard count > 0 else { return }
            guard count <= UInt64(bytes.endIndex - offset) else { throw .truncated }
            let kinds = try byte()
            guard let key = Kind(rawValue: kinds >> 4), let value = Kind(rawValue: kinds & 15) else { throw .damaged }
            for _ in 0 ..< count {
                try skipElement(key, depth: depth + 1)
                try skipElement(value, depth: depth + 1)
            }
        case .structure:
            try structure { reader, _, kind throws(ThriftFailure) in try reader.skip(kind, depth: depth + 1) }
        }
    }

    /// Skips an element of a list or map, where a Boolean takes one byte.
    private mutating func skipElement(_ kind: Kind, depth: Int) throws(ThriftFailure) {
        if kind == .yes || kind == .no { _ = try byte() } else { try skip(kind, depth: depth) }
    }
}

/// A decoder of the values in a page.
struct PageDecoder {
    let page: ParquetPage
    let column: ParquetColumn
    let codec: ParquetCodec
    let dictionary: [ParquetValue]?

    /// Whether the encoding of the values is supported.
    var isSupported: Bool {
        switch page.encoding {
        case .plain: true
        // Old files use this encoding for dictionary pages too.
        case .plainDictionary: page.kind == .dictionary || dictionary != nil
        case .dictionary: dictionary != nil
        case .runLength: column.storage == .boolean
        default: false
        }
    }

    /// The encoded parts of a data page.
    private struct Parts {
        var repetitions: ArraySlice<UInt8> = []
        var definitions: ArraySlice<UInt8> = []
        var values: ArraySlice<UInt8> = []
    }

    /// The values of lists, without nulls.
    struct Lists {
        /// Whether each value is the first of a row; false for the rest of a row of the page before.
        var startsRow: [Bool]
        var values: [ParquetValue]
    }

    /// Decodes the values, including nulls; nil if `bytes` are damaged.
    func values(_ bytes: [UInt8]) -> [ParquetValue]? {
        if page.kind == .dictionary {
            return codec.decompress(bytes[...], count: page.uncompressedBytes)
                .flatMap { PlainValues.read($0[...], of: column, count: page.valueCount) }
        }
        return parts(bytes).flatMap { parts in
            values(parts.values, levels: column.definitionLimit > 0 ? parts.definitions : nil)
        }
    }

    /// Decodes the values of a column with one level of lists; nil if `bytes` are damaged.
    ///
    /// Nulls and empty lists count as values and are left out, so that `values` has fewer elements than `startsRow`.
    func lists(_ bytes: [UInt8]) -> Lists? {
        guard let parts = parts(bytes),
            let levels = RunLengths.numbers(parts.repetitions, width: 1, count: page.valueCount),
            let values = values(parts.values, levels: parts.definitions)
        else { return nil }
        return Lists(startsRow: levels.map { $0 == 0 }, values: values.filter { $0 != .null })
    }

    private func parts(_ bytes: [UInt8]) -> Parts? {
        var parts = Parts()
        if case .second(let repetitionBytes, let levelBytes, let isCompressed) = page.kind {
            let codec = isCompressed ? codec : .none
            let levels = repetitionBytes + levelBytes
            guard let body = codec.decompress(bytes.dropFirst(levels), count: page.uncompressedBytes - levels)
            else { return nil }
            parts.repetitions = bytes.prefix(repetitionBytes)
            parts.definitions = bytes[repetitionBytes ..< levels]
            parts.values = body[...]
            return parts
        }
        guard let body = codec.decompress(bytes[...], count: page.uncompressedBytes) else { return nil }
        parts.values = body[...]
        if column.repetitionLimit > 0 {
            guard let (levels, rest) = sized(parts.values) else { return nil }
            parts.repetitions = levels
            parts.values = rest
        }
        if column.definitionLimit > 0 {
            guard let (levels, rest) = sized(parts.values) else { return nil }
            parts.definitions = levels
            parts.values = rest
        }
        return parts
    }

    /// Splits off the block that follows its four-byte length, and returns it with the rest.
    private func sized(_ bytes: ArraySlice<UInt8>) -> (ArraySlice<UInt8>, ArraySlice<UInt8>)? {
        let length = Int(littleEndian(bytes.prefix(4)))
        let rest = bytes.dropFirst(4)
        guard bytes.count >= 4, length <= rest.count else { return nil }
        return (rest.prefix(length), rest.dropFirst(length))
    }

    private func values(_ body: ArraySlice<UInt8>, levels: ArraySlice<UInt8>?) -> [ParquetValue]? {
        guard let levels else { return present(body, count: page.valueCount) }
        let width = Int.bitWidth - column.definitionLimit.leadingZeroBitCount
        guard let numbers = RunLengths.numbers(levels, width: width, count: page.valueCount) else { return nil }
        let isPresent = numbers.map { $0 == UInt32(column.definitionLimit) }
        let count = isPresent.count { $0 }
        guard let present = present(body, count: count) else { return nil }
        guard count < isPresent.count else { return present }
        var next = present.makeIterator()
        return isPresent.map { $0 ? next.next() ?? .null : .null }
    }

    /// Decodes the values that are not null.
    private func present(_ body: ArraySlice<UInt8>, count: Int) -> [ParquetValue]? {
        guard count > 0 else { return [] }
        switch page.encoding {
        case .plain: return PlainValues.read(body, of: column, count: count)
        case .runLength:
            guard let (bits, _) = sized(body) else { return nil }
            return RunLengths.numbers(bits, width: 1, count: count)?.map { .truth($0 == 1) }
        default:
            guard let dictionary, let width = body.first,
                let numbers = RunLengths.numbers(body.dropFirst(), width: Int(width), count: count)
            else { return nil }
            guard numbers.allSatisfy({ Int($0) < dictionary.count }) else { return nil }
            return numbers.map { dictionary[Int($0)] }
        }
    }
}

/// A decoder of Parquet's hybrid of run-length encoding and bit packing.
enum RunLengths {
    /// Decodes the first `count` numbers of `width` bits; nil if there are fewer.
    static func numbers(_ bytes: ArraySlice<UInt8>, width: Int, count: Int) -> [UInt32]? {
        guard (0 ... 32).contains(width) else { return nil }
        // Numbers of zero bits take no bytes.
        guard width > 0 else { return [UInt32](repeating: 0, count: count) }
        var numbers: [UInt32] = []
        var offset = bytes.startIndex
        while numbers.count < count {
            guard let head = varint(bytes, &offset) else { return nil }
            let left = count - numbers.count
            if head & 1 == 1 {
                guard let groups = Int(exactly: head >> 1), groups > 0, groups <= (bytes.endIndex - offset) / width
                else { return nil }
                let packed = bytes[offset ..< offset + groups * width]
                unpack(packed, width: width, count: min(left, 8 * groups), into: &numbers)
                offset = packed.endIndex
            } else {
                let size = (width + 7) / 8
                guard head > 0, bytes.endIndex - offset >= size else { return nil }
                let number = UInt32(littleEndian(bytes[offset ..< offset + size]))
                guard width == 32 || number < 1 << UInt32(width) else { return nil }
                offset += size
                numbers += repeatElement(number, count: Int(min(UInt64(left), head >> 1)))
            }
        }
        return numbers
    }

    private static func varint(_ bytes: ArraySlice<UInt8>, _ offset: inout Int) -> UInt64? {
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 64, by: 7) {
            guard offset < bytes.endIndex else { return nil }
            let byte = bytes[offset]
            offset += 1
            value |= UInt64(byte & 0x7F) << shift
            if byte & 0x80 == 0 { return value }
        }
        return nil
    }

    /// Decodes `count` packed numbers of `width` bits, lowest bits first.
    private static func unpack(
        _ bytes: ArraySlice<UInt8>, width: Int, count: Int, into numbers: inout [UInt32]
    ) {
        let mask: UInt64 = (1 << UInt64(width)) - 1
        var held: UInt64 = 0
        var bits = 0
        var offset = bytes.startIndex
        for _ in 0 ..< count {
            while bits < width {
                held |= UInt64(bytes[offset]) << UInt64(bits)
                offset += 1
                bits += 8
            }
            numbers.append(UInt32(held & mask))
            held >>= UInt64(width)
            bits -= width
        }
    }
}

/// The value of a column in one row.
package enum ParquetValue: Sendable, Equatable {
    case null
    case truth(Bool)
    case integer(Int64)
    case number(Double)
    case bytes(ArraySlice<UInt8>)
}

/// A decoder of the PLAIN encoding.
enum PlainValues {
    /// Decodes the first `count` values in `bytes`; nil if there are fewer or the type is unsupported.
    static func read(_ bytes: ArraySlice<UInt8>, of column: ParquetColumn, count: Int) -> [ParquetValue]? {
        switch column.storage {
        case .boolean: return truths(bytes, count: count)
        case .int32: return fixed(bytes, 4, count) { .integer(Int64(Int32(truncatingIfNeeded: littleEndian($0)))) }
        case .int64: return fixed(bytes, 8, count) { .integer(Int64(bitPattern: littleEndian($0))) }
        case .float: return fixed(bytes, 4, count) { .number(Double(Float(bitPattern: UInt32(littleEndian($0))))) }
        case .double: return fixed(bytes, 8, count) { .number(Double(bitPattern: littleEndian($0))) }
        case .fixedBytes: return fixed(bytes, column.width, count) { .bytes($0) }
        case .bytes: return variable(bytes, count: count)
        case .int96: return nil
        }
    }

    private static func fixed(
        _ bytes: ArraySlice<UInt8>, _ width: Int, _ count: Int, _ value: (ArraySlice<UInt8>) -> ParquetValue
    ) -> [ParquetValue]? {
        guard width > 0, count <= bytes.count / width else { return nil }
        let start = bytes.startIndex
        return (0 ..< count).map { value(bytes[start + $0 * width ..< start + ($0 + 1) * width]) }
    }

    private static func truths(_ bytes: ArraySlice<UInt8>, count: Int) -> [ParquetValue]? {
        guard count <= 8 * bytes.count else { return nil }
        return (0 ..< count).map { .truth(bytes[bytes.startIndex + $0 / 8] >> UInt8($0 % 8) & 1 == 1) }
    }

    private static func variable(_ bytes: ArraySlice<UInt8>, count: Int) -> [ParquetValue]? {
        guard count <= bytes.count / 4 else { return nil }
        var values: [ParquetValue] = []
        values.reserveCapacity(count)
        var offset = bytes.startIndex
        for _ in 0 ..< count {
            guard bytes.endIndex - offset >= 4 else { return nil }
            let length = Int(littleEndian(bytes[offset ..< offset + 4]))
            offset += 4
            guard length <= bytes.endIndex - offset else { return nil }
            values.append(.bytes(bytes[offset ..< offset + length]))
            offset += length
        }
        return values
    }
}

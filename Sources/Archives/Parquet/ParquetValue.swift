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
        case .int32:
            return fixed(bytes, 4, count) { bytes, offset in
                .integer(Int64(Int32(truncatingIfNeeded: little(bytes, offset, 4))))
            }
        case .int64: return fixed(bytes, 8, count) { .integer(Int64(bitPattern: little($0, $1, 8))) }
        case .float:
            return fixed(bytes, 4, count) { bytes, offset in
                .number(Double(Float(bitPattern: UInt32(little(bytes, offset, 4)))))
            }
        case .double: return fixed(bytes, 8, count) { .number(Double(bitPattern: little($0, $1, 8))) }
        case .fixedBytes:
            let width = column.width
            return fixed(bytes, width, count) { .bytes($0[$1 ..< $1 + width]) }
        case .bytes: return variable(bytes, count: count)
        case .int96: return nil
        }
    }

    private static func little(_ bytes: ArraySlice<UInt8>, _ offset: Int, _ width: Int) -> UInt64 {
        (0 ..< width).reduce(0) { $0 | UInt64(bytes[offset + $1]) << UInt64(8 * $1) }
    }

    private static func fixed(
        _ bytes: ArraySlice<UInt8>, _ width: Int, _ count: Int, _ value: (ArraySlice<UInt8>, Int) -> ParquetValue
    ) -> [ParquetValue]? {
        guard width > 0, count <= bytes.count / width else { return nil }
        return (0 ..< count).map { value(bytes, bytes.startIndex + $0 * width) }
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
            let length = Int(little(bytes, offset, 4))
            offset += 4
            guard length <= bytes.endIndex - offset else { return nil }
            values.append(.bytes(bytes[offset ..< offset + length]))
            offset += length
        }
        return values
    }
}

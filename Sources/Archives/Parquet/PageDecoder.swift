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

    /// Decodes the values, including nulls; nil if `bytes` are damaged.
    func values(_ bytes: [UInt8]) -> [ParquetValue]? {
        switch page.kind {
        case .dictionary:
            guard let body = codec.decompress(bytes[...], count: page.uncompressedBytes) else { return nil }
            return PlainValues.read(body[...], of: column, count: page.valueCount)
        case .first:
            guard let body = codec.decompress(bytes[...], count: page.uncompressedBytes) else { return nil }
            guard column.definitionLimit > 0 else { return values(body[...], levels: nil) }
            guard let (levels, rest) = sized(body[...]) else { return nil }
            return values(rest, levels: levels)
        case .second(let levelBytes, let isCompressed):
            let rest = bytes.dropFirst(levelBytes)
            let codec = isCompressed ? codec : .none
            guard let body = codec.decompress(rest, count: page.uncompressedBytes - levelBytes) else { return nil }
            return values(body[...], levels: column.definitionLimit > 0 ? bytes.prefix(levelBytes) : nil)
        }
    }

    /// Splits off the block that follows its four-byte length, and returns it with the rest.
    private func sized(_ bytes: ArraySlice<UInt8>) -> (ArraySlice<UInt8>, ArraySlice<UInt8>)? {
        guard bytes.count >= 4 else { return nil }
        let length = (0 ..< 4).reduce(0) { $0 | Int(bytes[bytes.startIndex + $1]) << (8 * $1) }
        let rest = bytes.dropFirst(4)
        guard length <= rest.count else { return nil }
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

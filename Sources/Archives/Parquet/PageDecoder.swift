/// Makes values of a page's bytes.
struct PageDecoder {
    let page: ParquetPage
    let column: ParquetColumn
    let codec: ParquetCodec
    let dictionary: [ParquetValue]?

    /// Whether values are written in a way that is known.
    var canRead: Bool {
        switch page.encoding {
        case .plain: true
        // So are dictionaries themselves called in old files.
        case .plainDictionary: page.kind == .dictionary || dictionary != nil
        case .dictionary: dictionary != nil
        case .runLength: column.storage == .boolean
        default: false
        }
    }

    /// The values, a null for each that is absent; nil where `packed` is damaged.
    func values(_ packed: [UInt8]) -> [ParquetValue]? {
        switch page.kind {
        case .dictionary:
            guard let body = codec.unpack(packed[...], count: page.unpackedBytes) else { return nil }
            return PlainValues.read(body[...], of: column, count: page.valueCount)
        case .first:
            guard let body = codec.unpack(packed[...], count: page.unpackedBytes) else { return nil }
            guard column.definitionLimit > 0 else { return values(body[...], levels: nil) }
            guard let (levels, rest) = sized(body[...]) else { return nil }
            return values(rest, levels: levels)
        case .second(let levelBytes, let isCompressed):
            let rest = packed.dropFirst(levelBytes)
            let codec = isCompressed ? codec : .none
            guard let body = codec.unpack(rest, count: page.unpackedBytes - levelBytes) else { return nil }
            return values(body[...], levels: column.definitionLimit > 0 ? packed.prefix(levelBytes) : nil)
        }
    }

    /// What is behind a length of four bytes, and what is behind that.
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
        let isThere = numbers.map { $0 == UInt32(column.definitionLimit) }
        let count = isThere.count { $0 }
        guard let present = present(body, count: count) else { return nil }
        guard count < isThere.count else { return present }
        var next = present.makeIterator()
        return isThere.map { $0 ? next.next() ?? .null : .null }
    }

    /// The values that are not null.
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

internal import Core

/// Whether the sizes in a MATLAB file fit the file, at every depth.
///
/// libmatio allocates what a header claims: a damaged length of four bytes makes it ask for gigabytes. So it sees
/// only files in which every element lies within the one around it, and every array has the bytes of its dimensions.
enum MatStructure {
    /// What compressed elements may hold: the largest file of the catalog has 3 MB.
    private static let inflatedLimit = 1 << 26
    private static let depthLimit = 8

    /// What is wrong with the file; nil if libmatio can be asked.
    static func fault(_ bytes: Span<UInt8>) -> String? {
        if bytes.count >= 8,
            (0 ..< 8).allSatisfy({ bytes[$0] == [0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A, 0x1A, 0x0A][$0] })
        {
            return "an HDF5 file, which MATLAB's version 7.3 is"
        }
        guard bytes.count >= 20 else { return "\(bytes.count) bytes" }
        // Version 5 starts with text, version 4 with a small number.
        if (0 ..< 4).contains(where: { bytes[$0] == 0 }) { return version4Fault(bytes) }
        guard bytes.count >= 128 else { return "no MATLAB file" }
        let isSwapped: Bool
        switch (bytes[126], bytes[127]) {
        case (UInt8(ascii: "I"), UInt8(ascii: "M")): isSwapped = false
        case (UInt8(ascii: "M"), UInt8(ascii: "I")): isSwapped = true
        default: return "no MATLAB file"
        }
        switch bytes[isSwapped ? 124 : 125] {
        case 1: break
        case 2: return "a file of MATLAB's version 7.3"
        default: return "a file of an unknown MATLAB version"
        }
        return elementsFault(bytes, from: 128, isSwapped: isSwapped)
    }

    private static func version4Fault(_ bytes: Span<UInt8>) -> String? {
        func number(_ place: Int, _ isSwapped: Bool) -> Int {
            (0 ..< 4).reduce(0) { $0 | Int(bytes[place + $1]) << (8 * (isSwapped ? 3 - $1 : $1)) }
        }
        let isSwapped = number(0, false) > 9999
        var place = 0
        while place < bytes.count {
            guard place + 20 <= bytes.count else { return "a header that ends too early at byte \(place)" }
            let fields = (0 ..< 5).map { number(place + 4 * $0, isSwapped) }
            let (kind, rows, columns, isComplex, nameCount) = (fields[0], fields[1], fields[2], fields[3], fields[4])
            guard kind < 10000, kind / 1000 == (isSwapped ? 1 : 0), kind / 100 % 10 == 0, kind / 10 % 10 < 6,
                kind % 10 < 2, isComplex == 0
            else { return "no MATLAB file, or an array of an unknown kind at byte \(place)" }
            let width = [8, 4, 4, 2, 2, 1][kind / 10 % 10]
            let (count, overflow) = rows.multipliedReportingOverflow(by: columns)
            guard !overflow, count <= bytes.count, nameCount > 0, nameCount <= bytes.count,
                place + 20 + nameCount + count * width <= bytes.count
            else { return "\(rows) x \(columns) values at byte \(place), more than the file has" }
            guard bytes[place + 20 + nameCount - 1] == 0 else { return "a name without an end at byte \(place)" }
            place += 20 + nameCount + count * width
        }
        return nil
    }

    private static func elementsFault(_ bytes: Span<UInt8>, from start: Int, isSwapped: Bool) -> String? {
        let reader = ElementReader(isSwapped: isSwapped)
        var place = start
        while place < bytes.count {
            guard let element = reader.element(bytes, at: place, end: bytes.count) else {
                return "an element that is longer than the file at byte \(place)"
            }
            switch element.kind {
            case .matrix:
                if let fault = reader.matrixFault(bytes, element.start ..< element.end, depth: 0) { return fault }
            case .compressed:
                guard let inflated = inflated(bytes.extracting(element.start ..< element.end)) else {
                    return "a damaged compressed element at byte \(place)"
                }
                guard let inner = reader.element(inflated.span, at: 0, end: inflated.count), inner.kind == .matrix
                else {
                    return "a compressed element that is no array at byte \(place)"
                }
                if let fault = reader.matrixFault(inflated.span, inner.start ..< inner.end, depth: 0) { return fault }
            default: return "an element that is no array at byte \(place)"
            }
            place = element.next
        }
        return nil
    }

    /// The bytes of the zlib stream `input`; nil if it is damaged or holds more than the limit.
    private static func inflated(_ input: Span<UInt8>) -> [UInt8]? {
        var output: [UInt8] = []
        let outcome = Inflation.inflate(input, .zlib) { piece in
            guard output.count + piece.count <= inflatedLimit else { return false }
            output += piece
            return true
        }
        return outcome == .whole ? output : nil
    }

    /// Reads the elements of version 5: a kind, a size and as many bytes.
    private struct ElementReader {
        let isSwapped: Bool

        enum Kind: Int {
            case int8 = 1, uint8, int16, uint16, int32, uint32, single
            case double = 9
            case int64 = 12, uint64, matrix, compressed, utf8, utf16, utf32

            var width: Int? {
                switch self {
                case .int8, .uint8, .utf8: 1
                case .int16, .uint16, .utf16: 2
                case .int32, .uint32, .single, .utf32: 4
                case .double, .int64, .uint64: 8
                case .matrix, .compressed: nil
                }
            }
        }

        struct Element {
            let kind: Kind
            let start: Int
            let end: Int
            /// Where the next element starts.
            let next: Int
            var count: Int { end - start }
        }

        func word(_ bytes: Span<UInt8>, _ place: Int) -> Int {
            (0 ..< 4).reduce(0) { $0 | Int(bytes[place + $1]) << (8 * (isSwapped ? 3 - $1 : $1)) }
        }

        /// The element at `place`; nil if it does not lie before `end`.
        func element(_ bytes: Span<UInt8>, at place: Int, end: Int) -> Element? {
            guard place + 8 <= end else { return nil }
            let first = word(bytes, place)
            if first >> 16 != 0 {
                // Up to four bytes stand in the header itself.
                guard let kind = Kind(rawValue: first & 0xFFFF), kind.width != nil, first >> 16 <= 4 else { return nil }
                return Element(kind: kind, start: place + 4, end: place + 4 + first >> 16, next: place + 8)
            }
            let count = word(bytes, place + 4)
            guard let kind = Kind(rawValue: first), count <= end - place - 8 else { return nil }
            let last = place + 8 + count
            return Element(
                kind: kind, start: place + 8, end: last,
                next: kind == .compressed ? last : min(end, (last + 7) / 8 * 8))
        }

        /// What is wrong with the array in `range`, at any depth.
        func matrixFault(_ bytes: Span<UInt8>, _ range: Range<Int>, depth: Int) -> String? {
            if range.isEmpty, depth > 0 { return nil }
            guard depth < MatStructure.depthLimit else { return "arrays nested deeper than \(depthLimit)" }
            guard let flags = element(bytes, at: range.lowerBound, end: range.upperBound),
                flags.kind == .uint32, flags.count == 8,
                let dims = element(bytes, at: flags.next, end: range.upperBound), dims.kind == .int32,
                (2 ... 8).contains(dims.count / 4), dims.count % 4 == 0,
                let name = element(bytes, at: dims.next, end: range.upperBound),
                name.kind == .int8 || name.kind == .uint8 || name.kind == .utf8, name.count < 256
            else { return "an array without usable flags, dimensions or name at byte \(range.lowerBound)" }
            var count = 1
            for place in stride(from: dims.start, to: dims.end, by: 4) {
                let (product, overflow) = count.multipliedReportingOverflow(by: word(bytes, place))
                guard !overflow, product <= range.count else {
                    return "an array with more values than bytes at byte \(range.lowerBound)"
                }
                count = product
            }
            let flagBits = word(bytes, flags.start)
            guard flagBits & 0x800 == 0 else { return "complex numbers" }
            let rest = name.next ..< max(name.next, range.upperBound)
            switch flagBits & 0xFF {
            case 1: return cellsFault(bytes, rest, count, depth)
            case 2: return structsFault(bytes, rest, count, depth)
            case 4, 6 ... 15: return valuesFault(bytes, rest, count)
            case let kind: return "an array of the kind \(kind), which is not read"
            }
        }

        private func valuesFault(_ bytes: Span<UInt8>, _ range: Range<Int>, _ count: Int) -> String? {
            // An array without values has an empty element of them: libmatio reads what stands there, and makes room for what it claims.
            guard let values = element(bytes, at: range.lowerBound, end: range.upperBound),
                let width = values.kind.width, values.count >= count * width
            else { return "an array with fewer values than its dimensions say at byte \(range.lowerBound)" }
            return nil
        }

        private func cellsFault(_ bytes: Span<UInt8>, _ range: Range<Int>, _ count: Int, _ depth: Int) -> String? {
            var place = range.lowerBound
            for _ in 0 ..< count {
                guard let cell = element(bytes, at: place, end: range.upperBound), cell.kind == .matrix else {
                    return "a cell that is no array at byte \(place)"
                }
                if let fault = matrixFault(bytes, cell.start ..< cell.end, depth: depth + 1) { return fault }
                place = cell.next
            }
            return nil
        }

        private func structsFault(_ bytes: Span<UInt8>, _ range: Range<Int>, _ count: Int, _ depth: Int) -> String? {
            guard let size = element(bytes, at: range.lowerBound, end: range.upperBound), size.kind == .int32,
                size.count == 4, case let length = word(bytes, size.start), (1 ... 64).contains(length),
                let names = element(bytes, at: size.next, end: range.upperBound), names.kind == .int8,
                names.count % length == 0
            else { return "a structure without usable field names at byte \(range.lowerBound)" }
            for end in stride(from: names.start + length, through: names.end, by: length) where bytes[end - 1] != 0 {
                return "a field name without an end at byte \(names.start)"
            }
            let (members, overflow) = count.multipliedReportingOverflow(by: names.count / length)
            guard !overflow, members <= range.count else { return "more fields than bytes at byte \(range.lowerBound)" }
            return cellsFault(bytes, names.next ..< max(names.next, range.upperBound), members, depth)
        }
    }
}

internal import Core

/// The check of all sizes in a MATLAB file against the file's size.
///
/// libmatio allocates as much memory as a header claims, so four damaged bytes can make it ask for gigabytes. It is
/// only given files in which every element is inside its parent and every array has the bytes of its dimensions.
enum MatStructure {
    /// The maximum size of a decompressed element; the largest file of the catalog has 3 MB.
    private static let inflatedLimit = 1 << 26
    private static let depthLimit = 8

    /// The first error in the file; nil if it is safe for libmatio.
    static func fault(_ bytes: Span<UInt8>) -> String? {
        let hdf5: [UInt8] = [0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A, 0x1A, 0x0A]
        if bytes.count >= 8, hdf5.indices.allSatisfy({ bytes[$0] == hdf5[$0] }) {
            return "an HDF5 file, the format of MATLAB 7.3"
        }
        guard bytes.count >= 20 else { return "\(bytes.count) bytes" }
        // A file of version 5 starts with text, one of version 4 with a small number.
        if (0 ..< 4).contains(where: { bytes[$0] == 0 }) { return version4Fault(bytes) }
        guard bytes.count >= 128 else { return FileContent(bytes)?.name ?? "another format" }
        let mark = String(decoding: [bytes[126], bytes[127]], as: UTF8.self)
        guard mark == "IM" || mark == "MI" else { return FileContent(bytes)?.name ?? "another format" }
        let isSwapped = mark == "MI"
        switch bytes[isSwapped ? 124 : 125] {
        case 1: break
        case 2: return "a file of MATLAB 7.3"
        default: return "a file of an unknown MATLAB version"
        }
        return elementsFault(bytes, ElementReader(isSwapped: isSwapped))
    }

    private static func version4Fault(_ bytes: Span<UInt8>) -> String? {
        let isSwapped = ElementReader(isSwapped: false).word(bytes, 0) > 9999
        let reader = ElementReader(isSwapped: isSwapped)
        var offset = 0
        while offset < bytes.count {
            guard offset + 20 <= bytes.count else { return "a truncated header at byte \(offset)" }
            let fields = (0 ..< 5).map { reader.word(bytes, offset + 4 * $0) }
            let kind = fields[0]
            let rows = fields[1]
            let columns = fields[2]
            let nameCount = fields[4]
            guard kind < 10000, kind / 1000 == (isSwapped ? 1 : 0), kind / 100 % 10 == 0, kind / 10 % 10 < 6,
                kind % 10 < 2, fields[3] == 0
            else { return "another format, or an array of unknown type at byte \(offset)" }
            let width = [8, 4, 4, 2, 2, 1][kind / 10 % 10]
            let (count, overflow) = rows.multipliedReportingOverflow(by: columns)
            let values = offset + 20 + nameCount
            guard !overflow, count <= bytes.count, nameCount > 0, nameCount <= bytes.count,
                values + count * width <= bytes.count
            else { return "\(rows) x \(columns) values at byte \(offset), more than the file has" }
            guard bytes[values - 1] == 0 else { return "an unterminated name at byte \(offset)" }
            offset = values + count * width
        }
        return nil
    }

    private static func elementsFault(_ bytes: Span<UInt8>, _ reader: ElementReader) -> String? {
        var offset = 128
        while offset < bytes.count {
            guard let element = reader.element(bytes, at: offset, end: bytes.count) else {
                return "an element that is longer than the file at byte \(offset)"
            }
            switch element.kind {
            case .matrix:
                if let fault = reader.matrixFault(bytes, element.start ..< element.end, depth: 0) { return fault }
            case .compressed:
                guard let inflated = inflated(bytes.extracting(element.start ..< element.end)) else {
                    return "a damaged compressed element at byte \(offset)"
                }
                guard let inner = reader.element(inflated.span, at: 0, end: inflated.count), inner.kind == .matrix
                else { return "a compressed element that is not an array at byte \(offset)" }
                if let fault = reader.matrixFault(inflated.span, inner.start ..< inner.end, depth: 0) { return fault }
            default: return "an element that is not an array at byte \(offset)"
            }
            offset = element.next
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

    /// The reader of version 5's elements, which consist of a type, a size and a payload.
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
            /// The offset of the next element.
            let next: Int
            var count: Int { end - start }
        }

        func word(_ bytes: Span<UInt8>, _ offset: Int) -> Int {
            (0 ..< 4).reduce(0) { $0 | Int(bytes[offset + $1]) << (8 * (isSwapped ? 3 - $1 : $1)) }
        }

        /// The element at `offset`; nil if it does not end before `end`.
        func element(_ bytes: Span<UInt8>, at offset: Int, end: Int) -> Element? {
            guard offset + 8 <= end else { return nil }
            let first = word(bytes, offset)
            if first >> 16 != 0 {
                // A payload of up to four bytes is in the header itself.
                guard let kind = Kind(rawValue: first & 0xFFFF), kind.width != nil, first >> 16 <= 4 else { return nil }
                return Element(kind: kind, start: offset + 4, end: offset + 4 + first >> 16, next: offset + 8)
            }
            let count = word(bytes, offset + 4)
            guard let kind = Kind(rawValue: first), count <= end - offset - 8 else { return nil }
            let last = offset + 8 + count
            return Element(
                kind: kind, start: offset + 8, end: last,
                next: kind == .compressed ? last : min(end, (last + 7) / 8 * 8))
        }

        /// The first error in the array in `range`, at any depth; nil for none.
        func matrixFault(_ bytes: Span<UInt8>, _ range: Range<Int>, depth: Int) -> String? {
            if range.isEmpty, depth > 0 { return nil }
            guard depth < MatStructure.depthLimit else { return "arrays nested deeper than \(depthLimit)" }
            guard let flags = element(bytes, at: range.lowerBound, end: range.upperBound),
                flags.kind == .uint32, flags.count == 8,
                let dims = element(bytes, at: flags.next, end: range.upperBound), dims.kind == .int32,
                (2 ... 8).contains(dims.count / 4), dims.count % 4 == 0,
                let name = element(bytes, at: dims.next, end: range.upperBound),
                name.kind == .int8 || name.kind == .uint8 || name.kind == .utf8, name.count < 256
            else { return "an array without valid flags, dimensions or name at byte \(range.lowerBound)" }
            var count = 1
            for offset in stride(from: dims.start, to: dims.end, by: 4) {
                let (product, overflow) = count.multipliedReportingOverflow(by: word(bytes, offset))
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
            case let kind: return "an array of the unsupported type \(kind)"
            }
        }

        private func valuesFault(_ bytes: Span<UInt8>, _ range: Range<Int>, _ count: Int) -> String? {
            // An array without values needs an empty element: libmatio reads the next one and allocates what it claims.
            guard let values = element(bytes, at: range.lowerBound, end: range.upperBound),
                let width = values.kind.width, values.count >= count * width
            else { return "an array with fewer values than its dimensions at byte \(range.lowerBound)" }
            return nil
        }

        private func cellsFault(_ bytes: Span<UInt8>, _ range: Range<Int>, _ count: Int, _ depth: Int) -> String? {
            var offset = range.lowerBound
            for _ in 0 ..< count {
                guard let cell = element(bytes, at: offset, end: range.upperBound), cell.kind == .matrix else {
                    return "a cell that is not an array at byte \(offset)"
                }
                if let fault = matrixFault(bytes, cell.start ..< cell.end, depth: depth + 1) { return fault }
                offset = cell.next
            }
            return nil
        }

        private func structsFault(_ bytes: Span<UInt8>, _ range: Range<Int>, _ count: Int, _ depth: Int) -> String? {
            guard let size = element(bytes, at: range.lowerBound, end: range.upperBound), size.kind == .int32,
                size.count == 4, case let length = word(bytes, size.start), (1 ... 64).contains(length),
                let names = element(bytes, at: size.next, end: range.upperBound), names.kind == .int8,
                names.count % length == 0
            else { return "a structure without valid field names at byte \(range.lowerBound)" }
            for end in stride(from: names.start + length, through: names.end, by: length) where bytes[end - 1] != 0 {
                return "an unterminated field name at byte \(names.start)"
            }
            let (members, overflow) = count.multipliedReportingOverflow(by: names.count / length)
            guard !overflow, members <= range.count else { return "more fields than bytes at byte \(range.lowerBound)" }
            return cellsFault(bytes, names.next ..< max(names.next, range.upperBound), members, depth)
        }
    }
}

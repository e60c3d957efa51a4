/// Deflate, for compressed elements of MATLAB files: their sizes are checked before libmatio sees them.
///
/// The format is that of RFC 1950 and 1951. The output grows as it is made, up to a limit: nothing is allocated for
/// a size that the input merely claims.
enum Inflate {
    /// The bytes that the zlib stream `input` holds.
    ///
    /// - Returns: nil if the stream is damaged or holds more than `limit` bytes.
    static func bytes(of input: Span<UInt8>, limit: Int) -> [UInt8]? {
        guard input.count >= 6, input[0] & 15 == 8, (Int(input[0]) << 8 | Int(input[1])) % 31 == 0, input[1] & 32 == 0
        else { return nil }
        var reader = BitReader(place: 2)
        var output: [UInt8] = []
        var isLast = false
        while !isLast {
            guard let last = reader.bits(1, input), let kind = reader.bits(2, input) else { return nil }
            isLast = last == 1
            let isWhole =
                switch kind {
                case 0: stored(input, &reader, &output, limit)
                case 1: block(input, &reader, &output, limit, fixedLiterals, fixedDistances)
                case 2: dynamicBlock(input, &reader, &output, limit)
                default: false
                }
            guard isWhole else { return nil }
        }
        let end = reader.alignedPlace
        guard end + 4 <= input.count else { return nil }
        let expected = (0 ..< 4).reduce(UInt32(0)) { $0 << 8 | UInt32(input[end + $1]) }
        return adler32(output) == expected ? output : nil
    }

    private static func stored(
        _ input: Span<UInt8>, _ reader: inout BitReader, _ output: inout [UInt8], _ limit: Int
    ) -> Bool {
        let start = reader.alignedPlace
        guard start + 4 <= input.count else { return false }
        let count = Int(input[start]) | Int(input[start + 1]) << 8
        let inverse = Int(input[start + 2]) | Int(input[start + 3]) << 8
        guard count == inverse ^ 0xFFFF, start + 4 + count <= input.count, output.count + count <= limit else {
            return false
        }
        for place in start + 4 ..< start + 4 + count { output.append(input[place]) }
        reader = BitReader(place: start + 4 + count)
        return true
    }

    private static func dynamicBlock(
        _ input: Span<UInt8>, _ reader: inout BitReader, _ output: inout [UInt8], _ limit: Int
    ) -> Bool {
        guard let literals = reader.bits(5, input), let distances = reader.bits(5, input),
            let codes = reader.bits(4, input)
        else { return false }
        let order = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]
        var lengths = [UInt8](repeating: 0, count: 19)
        for place in 0 ..< codes + 4 {
            guard let length = reader.bits(3, input) else { return false }
            lengths[order[place]] = UInt8(length)
        }
        guard let code = PrefixCode(lengths) else { return false }
        let count = literals + 257 + distances + 1
        var all: [UInt8] = []
        while all.count < count {
            guard let symbol = code.next(&reader, input) else { return false }
            guard symbol > 15 else {
                all.append(UInt8(symbol))
                continue
            }
            let (bits, base) = symbol == 16 ? (2, 3) : symbol == 17 ? (3, 3) : (7, 11)
            guard let extra = reader.bits(bits, input), let value = symbol == 16 ? all.last : 0,
                all.count + base + extra <= count
            else { return false }
            all.append(contentsOf: repeatElement(value, count: base + extra))
        }
        guard let literalCode = PrefixCode(Array(all[..<(literals + 257)])),
            let distanceCode = PrefixCode(Array(all[(literals + 257)...]))
        else { return false }
        return block(input, &reader, &output, limit, literalCode, distanceCode)
    }

    private static func block(
        _ input: Span<UInt8>, _ reader: inout BitReader, _ output: inout [UInt8], _ limit: Int,
        _ literals: PrefixCode, _ distances: PrefixCode
    ) -> Bool {
        while true {
            guard let symbol = literals.next(&reader, input) else { return false }
            if symbol == 256 { return true }
            if symbol < 256 {
                guard output.count < limit else { return false }
                output.append(UInt8(symbol))
                continue
            }
            guard symbol < 286, let extra = reader.bits(lengthBits[symbol - 257], input),
                let code = distances.next(&reader, input), code < 30, let far = reader.bits(distanceBits[code], input)
            else { return false }
            let count = lengthBases[symbol - 257] + extra
            let distance = distanceBases[code] + far
            guard distance <= output.count, output.count + count <= limit else { return false }
            for _ in 0 ..< count { output.append(output[output.count - distance]) }
        }
    }

    private static let lengthBits = [
        0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0,
    ]
    private static let lengthBases = [
        3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227,
        258,
    ]
    private static let distanceBits = [
        0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13,
    ]
    private static let distanceBases = [
        1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097,
        6145, 8193, 12289, 16385, 24577,
    ]
    private static let fixedLiterals = PrefixCode(
        complete: (0 ..< 288).map { $0 < 144 ? 8 : $0 < 256 ? 9 : $0 < 280 ? 7 : 8 })
    private static let fixedDistances = PrefixCode(complete: [UInt8](repeating: 5, count: 30))

    private static func adler32(_ bytes: [UInt8]) -> UInt32 {
        var (low, high): (UInt32, UInt32) = (1, 0)
        for byte in bytes {
            low = (low + UInt32(byte)) % 65521
            high = (high + low) % 65521
        }
        return high << 16 | low
    }
}

/// Bits of a byte stream, the lowest of each byte first.
private struct BitReader {
    private var place: Int
    private var held: UInt32 = 0
    private var count = 0

    init(place: Int) { self.place = place }

    /// The next byte that no bit was taken from.
    var alignedPlace: Int { place - count / 8 }

    /// The number in the next `wanted` bits, at most 16; nil at the end.
    mutating func bits(_ wanted: Int, _ input: Span<UInt8>) -> Int? {
        while count < wanted {
            guard place < input.count else { return nil }
            held |= UInt32(input[place]) << UInt32(count)
            place += 1
            count += 8
        }
        defer {
            held >>= UInt32(wanted)
            count -= wanted
        }
        return Int(held & (1 << UInt32(wanted) - 1))
    }
}

/// A canonical prefix code, decoded bit by bit: annotation files are small.
private struct PrefixCode {
    /// How many codes have each length, and the symbols in the order of their codes.
    private var counts = [Int](repeating: 0, count: 16)
    private var symbols: [Int] = []

    /// The code with these code lengths per symbol; nil if there are more codes of a length than fit.
    init?(_ lengths: [UInt8]) {
        self.init(complete: lengths)
        var room = 1
        for length in 1 ..< 16 {
            room = room * 2 - counts[length]
            if room < 0 { return nil }
        }
    }

    init(complete lengths: [UInt8]) {
        for length in lengths where length > 0 { counts[Int(length)] += 1 }
        for length in 1 ..< 16 { symbols += lengths.indices.filter { lengths[$0] == length } }
    }

    func next(_ reader: inout BitReader, _ input: Span<UInt8>) -> Int? {
        var (code, first, start) = (0, 0, 0)
        for length in 1 ..< 16 {
            guard let bit = reader.bits(1, input) else { return nil }
            code |= bit
            let count = counts[length]
            if code - first < count { return symbols[start + code - first] }
            start += count
            first = (first + count) << 1
            code <<= 1
        }
        return nil
    }
}

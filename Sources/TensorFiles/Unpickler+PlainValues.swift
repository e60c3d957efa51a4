internal import Core

// The instructions with an inline value, and the reading of bytes.
extension Unpickler {
    /// Reads the value of the instruction `code`; nil if it has no inline value.
    mutating func plainValue(_ code: UInt8) throws(Fault) -> PickleValue? {
        switch code {
        case UInt8(ascii: "K"): return .integer(try length(1))
        case UInt8(ascii: "M"): return .integer(try length(2))
        case UInt8(ascii: "J"): return .integer(Int(Int32(truncatingIfNeeded: try length(4))))
        case 0x8A: return integer(try take(try length(1)))
        case 0x8B: return integer(try take(try length(4)))
        case UInt8(ascii: "G"): return try skipped(8)
        case UInt8(ascii: "X"), UInt8(ascii: "T"): return try text(try length(4))
        case 0x8C, UInt8(ascii: "U"): return try text(try length(1))
        case 0x8D: return try text(try length(8))
        case UInt8(ascii: "B"): return try skipped(try length(4))
        case UInt8(ascii: "C"): return try skipped(try length(1))
        case 0x8E: return try skipped(try length(8))
        default: return nil
        }
    }

    mutating func byte() throws(Fault) -> UInt8 {
        guard offset < bytes.count else { throw truncated() }
        defer { offset += 1 }
        return bytes[offset]
    }

    /// Reads a little-endian number of `width` bytes, clamped to the range of `Int`.
    mutating func length(_ width: Int) throws(Fault) -> Int {
        var number: UInt64 = 0
        for (shift, byte) in try take(width).enumerated() { number |= UInt64(byte) << UInt64(8 * shift) }
        return Int(clamping: number)
    }

    mutating func take(_ count: Int) throws(Fault) -> [UInt8] {
        let start = offset
        try skip(count)
        return (start ..< offset).map { bytes[$0] }
    }

    private mutating func skip(_ count: Int) throws(Fault) {
        guard count <= bytes.count - offset else { throw truncated() }
        offset += count
    }

    private mutating func skipped(_ count: Int) throws(Fault) -> PickleValue {
        try skip(count)
        return .plain
    }

    private mutating func text(_ count: Int) throws(Fault) -> PickleValue {
        let characters = try take(count)
        return String(validating: characters, as: UTF8.self).map { .text($0) } ?? .plain
    }

    /// Reads a line, the encoding of a global's name.
    mutating func line() throws(Fault) -> String {
        let start = offset
        while offset < bytes.count, bytes[offset] != 0x0A {
            offset += 1
            guard offset - start <= 256 else { throw unsupported("a global with a name of more than 256 bytes") }
        }
        guard offset < bytes.count else { throw truncated() }
        defer { offset += 1 }
        return String(decoding: (start ..< offset).map { bytes[$0] }, as: UTF8.self)
    }

    /// Decodes a two's complement number of any length.
    private func integer(_ digits: [UInt8]) -> PickleValue {
        guard digits.count <= 8 else { return .longInteger(digits) }
        var number: UInt64 = digits.last.map { $0 > 127 } == true ? .max : 0
        for digit in digits.reversed() { number = number << 8 | UInt64(digit) }
        return .integer(Int(truncatingIfNeeded: number))
    }

    private func truncated() -> Fault {
        .badData(
            path, found: "a pickle that ends at byte \(bytes.count) in the middle of a value",
            expected: "a complete file", remedy: "copy or save it again")
    }
}

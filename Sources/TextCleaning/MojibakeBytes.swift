/// Repairs the bytes of mojibake, and decodes them as UTF-8.
enum MojibakeBytes {
    private typealias Accepts = (UInt8) -> Bool

    /// Whether the bytes from `start` on pass the tests, one per byte.
    private static func matches(_ bytes: [UInt8], at start: Int, _ tests: Accepts...) -> Bool {
        guard start + tests.count <= bytes.count else { return false }
        for (offset, test) in tests.enumerated() where !test(bytes[start + offset]) { return false }
        return true
    }

    /// Restores the bytes 0xA0 that became spaces.
    static func withLostSpacesRestored(_ bytes: [UInt8]) -> [UInt8] {
        guard bytes.indices.contains(where: { lengthWithLostSpace(bytes, at: $0) > 0 }) else { return bytes }
        // "Ã la" was "à la": the space is kept after the byte, except before another space and in a few Portuguese
        // words.
        var restored = bytes.replacingMatches { index in
            guard matches(bytes, at: index, { $0 == 0xC3 }, { $0 == 0x20 }),
                !wordsWithoutSpace.contains(where: { bytes[(index + 2)...].starts(with: $0) })
            else { return nil }
            return ([0xC3, 0xA0, 0x20], index + 2)
        }
        var position = 0
        while position < restored.count {
            let length = lengthWithLostSpace(restored, at: position)
            for index in position ..< position + length where restored[index] == 0x20 { restored[index] = 0xA0 }
            position += max(length, 1)
        }
        return restored
    }

    private static let wordsWithoutSpace = [" ", "quele", "quela", "quilo", "s "].map { Array($0.utf8) }

    /// The length of a UTF-8 sequence at `start` with a space for 0xA0 that gives a likely character; 0 without one.
    private static func lengthWithLostSpace(_ bytes: [UInt8], at start: Int) -> Int {
        let isSpace: Accepts = { $0 == 0x20 }
        let isContinuation: Accepts = { 0x80 ... 0xBF ~= $0 }
        let isOtherContinuation: Accepts = { 0x80 ... 0xBF ~= $0 && $0 != 0x85 && $0 != 0xA0 }
        let isF0: Accepts = { $0 == 0xF0 }
        if matches(bytes, at: start, { [0xC2, 0xC3, 0xC5, 0xCE, 0xD0, 0xD9].contains($0) }, isSpace) { return 2 }
        if matches(bytes, at: start, { $0 == 0xE2 || $0 == 0xE3 }, isSpace, isOtherContinuation) { return 3 }
        if matches(bytes, at: start, { 0xE0 ... 0xE3 ~= $0 }, isOtherContinuation, isSpace) { return 3 }
        if matches(bytes, at: start, isF0, isSpace, isContinuation, isContinuation) { return 4 }
        if matches(bytes, at: start, isF0, isContinuation, isSpace, isContinuation) { return 4 }
        if matches(bytes, at: start, isF0, isContinuation, isContinuation, isSpace) { return 4 }
        return 0
    }

    /// Replaces each UTF-8 sequence with lost bytes (0x1A, or at most one question mark) by U+FFFD.
    static func withLossesReplaced(_ bytes: [UInt8]) -> [UInt8] {
        bytes.replacingMatches { index in
            let length = lengthWithLoss(bytes, at: index)
            return length > 0 ? ([0xEF, 0xBF, 0xBD], index + length) : nil
        }
    }

    private static func lengthWithLoss(_ bytes: [UInt8], at start: Int) -> Int {
        let isLost: Accepts = { $0 == 0x1A || $0 == 0x3F }
        let isRest: Accepts = { $0 == 0x1A || 0x80 ... 0xBF ~= $0 }
        let isLow: Accepts = { 0xB0 ... 0xBF ~= $0 }
        let isHigh: Accepts = { 0xA0 ... 0xAF ~= $0 }
        let isED: Accepts = { $0 == 0xED }
        if matches(bytes, at: start, { 0xC2 ... 0xDF ~= $0 }, { $0 == 0x1A }) { return 2 }
        if matches(bytes, at: start, { $0 == 0xC2 || $0 == 0xC3 }, { $0 == 0x3F }) { return 2 }
        let isAny: Accepts = { isLost($0) || isRest($0) }
        if matches(bytes, at: start, isED, isHigh, isLost, isED, isLow, isAny) { return 6 }
        if matches(bytes, at: start, isED, isHigh, isAny, isED, isLow, isLost) { return 6 }
        let isThree: Accepts = { 0xE0 ... 0xEF ~= $0 }
        if matches(bytes, at: start, isThree, isLost, isRest) { return 3 }
        if matches(bytes, at: start, isThree, isRest, isLost) { return 3 }
        let isFour: Accepts = { 0xF0 ... 0xF4 ~= $0 }
        if matches(bytes, at: start, isFour, isLost, isRest, isRest) { return 4 }
        if matches(bytes, at: start, isFour, isRest, isLost, isRest) { return 4 }
        if matches(bytes, at: start, isFour, isRest, isRest, isLost) { return 4 }
        return bytes[start] == 0x1A ? 1 : 0
    }

    /// Decodes UTF-8, including surrogate pairs (CESU-8) and 0xC0 0x80 for a null (Java); nil for anything else.
    static func decoded(_ bytes: [UInt8]) -> [Unicode.Scalar]? {
        // A line break at the end of the text is accepted as the last byte of either, as in ftfy.
        func isLast(_ index: Int, _ continuation: ClosedRange<UInt8>) -> Bool {
            continuation ~= bytes[index] || (bytes[index] == 0x0A && index == bytes.count - 1)
        }
        let standard = bytes.replacingMatches { index in
            if matches(bytes, at: index, { $0 == 0xC0 }, { _ in true }), isLast(index + 1, 0x80 ... 0x80) {
                return ([0], index + 2)
            }
            let isPair = matches(
                bytes, at: index, { $0 == 0xED }, { 0xA0 ... 0xAF ~= $0 }, { 0x80 ... 0xBF ~= $0 }, { $0 == 0xED },
                { 0xB0 ... 0xBF ~= $0 }, { _ in true })
            guard isPair, isLast(index + 5, 0x80 ... 0xBF) else { return nil }
            let six = bytes[index ..< index + 6].map(UInt32.init)
            let low = (six[4] & 0x0F) << 6 | six[5] & 0x3F
            let value = 0x10000 + ((six[1] & 0x0F) << 16 | (six[2] & 0x3F) << 10 | low)
            return (Unicode.Scalar(value).map { Array(String($0).utf8) } ?? [], index + 6)
        }
        return String(validating: standard, as: UTF8.self).map { Array($0.unicodeScalars) }
    }
}

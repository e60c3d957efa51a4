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
        var restored: [UInt8] = []
        var position = 0
        // "Ã la" was "à la": the space is kept after the byte, except before another space and in a few Portuguese
        // words.
        while position < bytes.count {
            if bytes[position] == 0xC3, position + 1 < bytes.count, bytes[position + 1] == 0x20,
                !wordsWithoutSpace.contains(where: { bytes[(position + 2)...].starts(with: $0) })
            {
                restored += [0xC3, 0xA0, 0x20]
                position += 2
            } else {
                restored.append(bytes[position])
                position += 1
            }
        }
        position = 0
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
        var result: [UInt8] = []
        var position = 0
        while position < bytes.count {
            let length = lengthWithLoss(bytes, at: position)
            if length > 0 {
                result += [0xEF, 0xBF, 0xBD]
                position += length
            } else {
                result.append(bytes[position])
                position += 1
            }
        }
        return result
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
        var standard: [UInt8] = []
        standard.reserveCapacity(bytes.count)
        var position = 0
        while position < bytes.count {
            // A line break at the end of the text is accepted as the last byte of either, as in ftfy.
            func isRest(_ index: Int) -> Bool {
                0x80 ... 0xBF ~= bytes[index] || (bytes[index] == 0x0A && index == bytes.count - 1)
            }
            if bytes[position] == 0xC0, position + 1 < bytes.count,
                bytes[position + 1] == 0x80 || (bytes[position + 1] == 0x0A && position + 2 == bytes.count)
            {
                standard.append(0)
                position += 2
            } else if matches(
                bytes, at: position, { $0 == 0xED }, { 0xA0 ... 0xAF ~= $0 }, { 0x80 ... 0xBF ~= $0 }, { $0 == 0xED },
                { 0xB0 ... 0xBF ~= $0 }, { _ in true }), isRest(position + 5)
            {
                let six = bytes[position ..< position + 6].map(UInt32.init)
                let value =
                    0x10000 + ((six[1] & 0x0F) << 16 | (six[2] & 0x3F) << 10 | (six[4] & 0x0F) << 6 | six[5] & 0x3F)
                if let scalar = Unicode.Scalar(value) { standard += Array(String(scalar).utf8) }
                position += 6
            } else {
                standard.append(bytes[position])
                position += 1
            }
        }
        return String(validating: standard, as: UTF8.self).map { Array($0.unicodeScalars) }
    }
}

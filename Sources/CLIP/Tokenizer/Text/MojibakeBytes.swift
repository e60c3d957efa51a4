/// Mends the bytes that garbled text stood for, and reads them as UTF-8.
enum MojibakeBytes {
    private typealias Accepts = (UInt8) -> Bool

    /// Whether each byte from `start` on is accepted by the test of its place.
    private static func matches(_ bytes: [UInt8], at start: Int, _ tests: Accepts...) -> Bool {
        guard start + tests.count <= bytes.count else { return false }
        for (offset, test) in tests.enumerated() where !test(bytes[start + offset]) { return false }
        return true
    }

    /// Puts 0xA0 back where it was taken for a space and made one.
    static func withLostSpacesRestored(_ bytes: [UInt8]) -> [UInt8] {
        guard bytes.indices.contains(where: { lengthWithLostSpace(bytes, at: $0) > 0 }) else { return bytes }
        var restored: [UInt8] = []
        var place = 0
        // "Ã la" was "à la": the space is kept beside the byte, but not before another space and in a few Portuguese words.
        while place < bytes.count {
            if bytes[place] == 0xC3, place + 1 < bytes.count, bytes[place + 1] == 0x20,
                !wordsWithoutSpace.contains(where: { bytes[(place + 2)...].starts(with: $0) })
            {
                restored += [0xC3, 0xA0, 0x20]
                place += 2
            } else {
                restored.append(bytes[place])
                place += 1
            }
        }
        place = 0
        while place < restored.count {
            let length = lengthWithLostSpace(restored, at: place)
            for index in place ..< place + length where restored[index] == 0x20 { restored[index] = 0xA0 }
            place += max(length, 1)
        }
        return restored
    }

    private static let wordsWithoutSpace = [" ", "quele", "quela", "quilo", "s "].map { Array($0.utf8) }

    /// How long the UTF-8 sequence at `start` is that has a space for 0xA0 and would give a likely character; 0 if none is there.
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

    /// Replaces each UTF-8 sequence of which a byte was lost (0x1A, or at most one question mark) by U+FFFD.
    static func withLossesReplaced(_ bytes: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        var place = 0
        while place < bytes.count {
            let length = lengthWithLoss(bytes, at: place)
            if length > 0 {
                result += [0xEF, 0xBF, 0xBD]
                place += length
            } else {
                result.append(bytes[place])
                place += 1
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

    /// Reads UTF-8, with surrogates in pairs (CESU-8) and 0xC0 0x80 for a null (Java).
    ///
    /// - Returns: nil if `bytes` are anything else.
    static func decoded(_ bytes: [UInt8]) -> [Unicode.Scalar]? {
        var standard: [UInt8] = []
        standard.reserveCapacity(bytes.count)
        var place = 0
        while place < bytes.count {
            // A line break that ends the text passes for the last byte of either, as it does in ftfy.
            func isRest(_ index: Int) -> Bool {
                0x80 ... 0xBF ~= bytes[index] || (bytes[index] == 0x0A && index == bytes.count - 1)
            }
            if bytes[place] == 0xC0, place + 1 < bytes.count,
                bytes[place + 1] == 0x80 || (bytes[place + 1] == 0x0A && place + 2 == bytes.count)
            {
                standard.append(0)
                place += 2
            } else if matches(
                bytes, at: place, { $0 == 0xED }, { 0xA0 ... 0xAF ~= $0 }, { 0x80 ... 0xBF ~= $0 }, { $0 == 0xED },
                { 0xB0 ... 0xBF ~= $0 }, { _ in true }), isRest(place + 5)
            {
                let six = bytes[place ..< place + 6].map(UInt32.init)
                let value =
                    0x10000 + ((six[1] & 0x0F) << 16 | (six[2] & 0x3F) << 10 | (six[4] & 0x0F) << 6 | six[5] & 0x3F)
                if let scalar = Unicode.Scalar(value) { standard += Array(String(scalar).utf8) }
                place += 6
            } else {
                standard.append(bytes[place])
                place += 1
            }
        }
        return String(validating: standard, as: UTF8.self).map { Array($0.unicodeScalars) }
    }
}

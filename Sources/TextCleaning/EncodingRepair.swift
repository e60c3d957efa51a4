/// Repairs UTF-8 text that was decoded as another encoding.
///
/// It follows ftfy 6.3's `fix_encoding` step by step, including sequences with lost bytes and spaces in place of 0xA0.
enum EncodingRepair {
    /// The text with its intended characters; the same text if nothing looks wrong.
    static func repaired(_ text: [Unicode.Scalar]) -> [Unicode.Scalar] {
        var text = text
        while true {
            let next = step(text)
            if next == text { return text }
            text = next
        }
    }

    private static func step(_ text: [Unicode.Scalar]) -> [Unicode.Scalar] {
        if text.allSatisfy(\.isASCII) || !Mojibake.isLikely(in: text) { return text }
        var isLatin1 = false
        for page in CodePage.all {
            guard var bytes = page.encoded(text) else { continue }
            if page.isLatin1 { isLatin1 = true }
            // In MacRoman this would match a dash before a space.
            if !page.isMacRoman { bytes = MojibakeBytes.withLostSpacesRestored(bytes) }
            if page.isSloppy { bytes = MojibakeBytes.withLossesReplaced(bytes) }
            if let meant = MojibakeBytes.decoded(bytes) { return meant }
        }
        let mended = withPartsRepaired(text)
        if mended != text { return mended }
        if isLatin1, let meant = readAsWindows1252(text), meant != text { return meant }
        return text.map(withoutControl)
    }

    /// A C1 control character as browsers decode it: the Windows-1252 character with its number.
    static func withoutControl(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        0x80 ... 0x9F ~= scalar.value ? CodePage.windows1252.character(UInt8(scalar.value)) : scalar
    }

    /// Latin-1 decoded as Windows-1252; nil if it has a byte that the latter does not define.
    private static func readAsWindows1252(_ text: [Unicode.Scalar]) -> [Unicode.Scalar]? {
        let meant = text.map(withoutControl)
        return meant.contains { 0x80 ... 0x9F ~= $0.value } ? nil : meant
    }

    /// Repairs the parts of `text` that are wrongly decoded UTF-8.
    private static func withPartsRepaired(_ text: [Unicode.Scalar]) -> [Unicode.Scalar] {
        text.replacingMatches { start in
            let end = endOfSequences(in: text, from: start)
            guard end > start else { return nil }
            let part = Array(text[start ..< end])
            // The whole text was tried already.
            return (part.count < text.count && Mojibake.isLikely(in: part) ? repaired(part) : part, end)
        }
    }

    /// The end of the sequences from `start` on that look like UTF-8; `start` if there are none.
    private static func endOfSequences(in text: [Unicode.Scalar], from start: Int) -> Int {
        if start > 0, clues[text[start - 1]]?.contains(.strictContinuation) == true { return start }
        var end = start
        while end < text.count, let clue = clues[text[end]] {
            let length = clue.contains(.firstOf2) ? 2 : clue.contains(.firstOf3) ? 3 : clue.contains(.firstOf4) ? 4 : 0
            guard length > 0, end + length <= text.count else { break }
            let rest = text[(end + 1) ..< (end + length)]
            guard rest.allSatisfy({ clues[$0]?.contains(.continuation) == true }) else { break }
            end += length
        }
        return end
    }

    /// The parts of a UTF-8 sequence that a character may come from.
    private struct Clue: OptionSet {
        let rawValue: UInt8
        static let firstOf2 = Clue(rawValue: 1)
        static let firstOf3 = Clue(rawValue: 2)
        static let firstOf4 = Clue(rawValue: 4)
        static let continuation = Clue(rawValue: 8)
        static let strictContinuation = Clue(rawValue: 16)
    }

    private static let clues: [Unicode.Scalar: Clue] = {
        var clues: [Unicode.Scalar: Clue] = [:]
        // These also occur as themselves next to mojibake.
        let ambiguous = Set("–—―‘’‚“”„•…".unicodeScalars)
        for page in CodePage.westernToBaltic {
            for byte in UInt8(128) ... 255 {
                let scalar = page.character(byte)
                switch byte {
                case 0x80 ... 0xBF:
                    clues[scalar, default: []].insert(.continuation)
                    if !ambiguous.contains(scalar) { clues[scalar, default: []].insert(.strictContinuation) }
                case 0xC2 ... 0xDF: clues[scalar, default: []].insert(.firstOf2)
                case 0xE0 ... 0xEF: clues[scalar, default: []].insert(.firstOf3)
                case 0xF0, 0xF3: clues[scalar, default: []].insert(.firstOf4)
                default: break
                }
            }
        }
        clues[" ", default: []].insert(.continuation)
        return clues
    }()
}

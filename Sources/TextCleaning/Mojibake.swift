/// Detects mojibake, UTF-8 decoded as another encoding.
///
/// The sequences are those of ftfy 6.3's heuristic: juxtapositions of characters that are rare outside mojibake.
enum Mojibake {
    /// The classes and the characters that one position of a sequence accepts.
    private struct Position: Sendable {
        let classes: MojibakeClass
        let characters: [Unicode.Scalar]

        init(_ classes: MojibakeClass, _ characters: String = "") {
            self.classes = classes
            self.characters = Array(characters.unicodeScalars)
        }

        func accepts(_ scalar: Unicode.Scalar, _ kind: MojibakeClass) -> Bool {
            !classes.isDisjoint(with: kind) || characters.contains(scalar)
        }
    }

    /// Whether `text` contains a sequence that is typical of mojibake.
    static func isLikely(in text: [Unicode.Scalar]) -> Bool {
        let kinds = text.map(MojibakeClass.init)
        if text.count > 1, text[0] == "Ã" || text[0] == "Â", text[1] == " " { return true }
        return text.indices.contains { start in
            sequences.contains { sequence in
                guard start + sequence.count <= text.count else { return false }
                for (offset, position) in sequence.enumerated() {
                    guard position.accepts(text[start + offset], kinds[start + offset]) else { return false }
                }
                return true
            }
        }
    }

    private static let sequences: [[Position]] = juxtapositions + windows1252 + others

    private static func only(_ characters: String) -> [Position] {
        characters.unicodeScalars.map { Position([], String($0)) }
    }

    private static let juxtapositions: [[Position]] = {
        let marks: MojibakeClass = [.box, .opening, .closing, .currency, .numeric, .law]
        let bad = Position(.bad)
        return [
            [Position(.control)],
            [Position([.bad, .accented, marks]), bad],
            [Position(.asciiLetter), Position([.lowerCommon, .upperCommon]), bad],
            [bad, Position([.accented, marks])],
            [Position([.lowerAccented, .lowerCommon, .box, .closing, .currency, .numeric]), Position(.upperAccented)],
            [Position([.box, .closing, .currency, .numeric]), Position(.lowerAccented)],
            [Position([.lowerAccented, .box, .closing]), Position(.currency)],
            [Position(.space), Position(.upperAccented), Position(.currency)],
            [Position([.upperAccented, .box]), Position([.numeric, .law])],
            [Position([.accented, .box, .currency, .closing]), Position(.opening), Position(.numeric)],
            [Position([.accented, .currency, .numeric, .box, .law]), Position(.closing), Position(.opening)],
            [Position([.currency, .numeric, .box]), Position(.opening)],
            [Position(.asciiLower), Position(.upperAccented), Position([.opening, .currency])],
            [Position(.box), Position(.face)],
            [Position([.accented, .currency, .numeric, .opening, .closing, .law]), Position(.box)],
            [Position(.box), Position(.closing)],
            [Position(.accented), Position([.opening, .closing]), Position(.word)],
            [Position([], "Œœ"), Position(.noASCIILetter)],
            [Position(.upperAccented), Position([], "°")],
        ]
    }()

    private static let windows1252: [[Position]] = {
        let circumflexed = Position([], "ÃÂ")
        let space = Position([], " ")
        // The first bytes of Arabic; the second ones are common, so two letters are required.
        let arabic = Position([], "ØÙ")
        let arabicSecond = Position([.common, .currency, .bad, .numeric, .opening], "ŸŠ®°µ»")
        return [
            [Position([], "ÂÃÎÐ"), Position([.opening, .closing], "€œŠš¢£Ÿž\u{A0}\u{AD}®©°·»–—´")],
            [Position([], "×"), Position([], "²³")],
            [arabic, arabicSecond, arabic, arabicSecond],
            [Position([], "à"), Position([], "²µ¹¼½¾")],
            [Position([], "Ã"), Position([], "\u{A0}¡")],
            [Position(.asciiLower), circumflexed, space],
            [Position(.asciiLower), Position(.space), circumflexed, space],
            [Position([.asciiLower, .closing], ".,?!"), Position([], "Â"), Position([.opening, .closing], " ")],
        ]
    }()

    private static let others: [[Position]] = {
        let cyrillic = Position([], "ВГРС")
        let greek = Position([], "ΒΓΞΟ")
        let seconds: MojibakeClass = [.control, .bad, .opening, .closing, .currency]
        return [
            // MacRoman
            [Position([], "√"), Position([], "±∂†≠®™´≤≥¥µø")],
            [Position([], "≈"), Position([], "°¢")],
            only("‚Ä") + [Position([], "ìîïòôúùû†°¢π")],
            [Position([], "‚"), Position([], "âó"), Position([], "àä°ê")],
            // Windows-1251
            only("вЂ"),
            [cyrillic, Position(seconds, "°µ"), cyrillic],
            only("ГўВЂВ") + [Position(.noLineBreak), Position(.asciiLetter, " ")],
            // Windows-1253
            only("β€") + [Position([], "™\u{A0}Ά\u{AD}®°")],
            [greek, Position(seconds, "°"), greek],
            // Windows-1257
            only("ā€"),
        ]
    }()
}

/// Tells text that looks like UTF-8 read as something else.
///
/// The sequences are those of ftfy 6.3's heuristic: juxtapositions that occur in such garble and hardly anywhere else.
enum Mojibake {
    /// What one place of a sequence accepts: the classes, and the characters named.
    private struct Place: Sendable {
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

    /// Whether some sequence of `text` is of those that only garble has.
    static func isLikely(in text: [Unicode.Scalar]) -> Bool {
        let kinds = text.map(MojibakeClass.init)
        if text.count > 1, text[0] == "Ã" || text[0] == "Â", text[1] == " " { return true }
        return text.indices.contains { start in
            sequences.contains { sequence in
                guard start + sequence.count <= text.count else { return false }
                for (offset, place) in sequence.enumerated() {
                    guard place.accepts(text[start + offset], kinds[start + offset]) else { return false }
                }
                return true
            }
        }
    }

    private static let sequences: [[Place]] = juxtapositions + windows1252 + others

    private static func only(_ characters: String) -> [Place] {
        characters.unicodeScalars.map { Place([], String($0)) }
    }

    private static let juxtapositions: [[Place]] = {
        let marks: MojibakeClass = [.box, .opening, .closing, .currency, .numeric, .law]
        let bad = Place(.bad)
        return [
            [Place(.control)],
            [Place([.bad, .accented, marks]), bad],
            [Place(.asciiLetter), Place([.lowerCommon, .upperCommon]), bad],
            [bad, Place([.accented, marks])],
            [Place([.lowerAccented, .lowerCommon, .box, .closing, .currency, .numeric]), Place(.upperAccented)],
            [Place([.box, .closing, .currency, .numeric]), Place(.lowerAccented)],
            [Place([.lowerAccented, .box, .closing]), Place(.currency)],
            [Place(.space), Place(.upperAccented), Place(.currency)],
            [Place([.upperAccented, .box]), Place([.numeric, .law])],
            [Place([.accented, .box, .currency, .closing]), Place(.opening), Place(.numeric)],
            [Place([.accented, .currency, .numeric, .box, .law]), Place(.closing), Place(.opening)],
            [Place([.currency, .numeric, .box]), Place(.opening)],
            [Place(.asciiLower), Place(.upperAccented), Place([.opening, .currency])],
            [Place(.box), Place(.face)],
            [Place([.accented, .currency, .numeric, .opening, .closing, .law]), Place(.box)],
            [Place(.box), Place(.closing)],
            [Place(.accented), Place([.opening, .closing]), Place(.word)],
            [Place([], "Œœ"), Place(.noASCIILetter)],
            [Place(.upperAccented), Place([], "°")],
        ]
    }()

    private static let windows1252: [[Place]] = {
        let circumflexed = Place([], "ÃÂ")
        let space = Place([], " ")
        // Arabic's first bytes; as their second ones are common, two letters must be seen.
        let arabic = Place([], "ØÙ")
        let arabicSecond = Place([.common, .currency, .bad, .numeric, .opening], "ŸŠ®°µ»")
        return [
            [Place([], "ÂÃÎÐ"), Place([.opening, .closing], "€œŠš¢£Ÿž\u{A0}\u{AD}®©°·»–—´")],
            [Place([], "×"), Place([], "²³")],
            [arabic, arabicSecond, arabic, arabicSecond],
            [Place([], "à"), Place([], "²µ¹¼½¾")],
            [Place([], "Ã"), Place([], "\u{A0}¡")],
            [Place(.asciiLower), circumflexed, space],
            [Place(.asciiLower), Place(.space), circumflexed, space],
            [Place([.asciiLower, .closing], ".,?!"), Place([], "Â"), Place([.opening, .closing], " ")],
        ]
    }()

    private static let others: [[Place]] = {
        let cyrillic = Place([], "ВГРС")
        let greek = Place([], "ΒΓΞΟ")
        let seconds: MojibakeClass = [.control, .bad, .opening, .closing, .currency]
        return [
            // MacRoman
            [Place([], "√"), Place([], "±∂†≠®™´≤≥¥µø")],
            [Place([], "≈"), Place([], "°¢")],
            only("‚Ä") + [Place([], "ìîïòôúùû†°¢π")],
            [Place([], "‚"), Place([], "âó"), Place([], "àä°ê")],
            // Windows-1251
            only("вЂ"),
            [cyrillic, Place(seconds, "°µ"), cyrillic],
            only("ГўВЂВ") + [Place(.noLineBreak), Place(.asciiLetter, " ")],
            // Windows-1253
            only("β€") + [Place([], "™\u{A0}Ά\u{AD}®°")],
            [greek, Place(seconds, "°"), greek],
            // Windows-1257
            only("ā€"),
        ]
    }()
}

/// A restatement of ftfy's `fix_text`.
enum TextFixing {
    /// `text` with its encoding repaired and its characters normalized, line by line.
    static func fixed(_ text: [Unicode.Scalar]) -> [Unicode.Scalar] {
        var result: [Unicode.Scalar] = []
        var unescapes = true
        var start = 0
        while start < text.count {
            let end = (text[start...].firstIndex(of: "\n") ?? text.count - 1) + 1
            let line = Array(text[start ..< end])
            // Text with tags may contain references on purpose, so they are kept from the first tag on.
            if line.contains("<") { unescapes = false }
            result += fixedLine(line, unescapes: unescapes)
            start = end
        }
        return result
    }

    private static func fixedLine(_ line: [Unicode.Scalar], unescapes: Bool) -> [Unicode.Scalar] {
        var text = line
        while true {
            let before = text
            if unescapes { text = HTMLEntities.unescapedWhereCertain(text) }
            text = EncodingRepair.repaired(text)
            text = inUsualForms(text)
            text = withPlainLineBreaks(text)
            text = withoutTerminalEscapes(text)
            text.removeAll(where: isUnwantedControl)
            text = Composition.composed(text)
            if text == before { return text }
        }
    }

    // MARK: Single characters

    /// Replaces C1 controls, Latin ligatures, halfwidth and fullwidth characters, and curly quotes.
    private static func inUsualForms(_ text: [Unicode.Scalar]) -> [Unicode.Scalar] {
        text.flatMap { scalar in
            let visible = EncodingRepair.withoutControl(scalar)
            return (usualForms[visible] ?? [visible]).map(withoutCurl)
        }
    }

    private static func withoutCurl(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        switch scalar.value {
        case 0x2BC, 0x2018 ... 0x201B: "'"
        case 0x201C ... 0x201F: "\""
        default: scalar
        }
    }

    /// The usual forms of Latin ligatures and of halfwidth and fullwidth characters, by NFKC.
    private static let usualForms: [Unicode.Scalar: [Unicode.Scalar]] = {
        let characters: [ClosedRange<UInt32>] = [
            0x132 ... 0x133, 0x149 ... 0x149, 0x1C4 ... 0x1CC, 0x1F1 ... 0x1F3, 0xFB00 ... 0xFB06, 0x3000 ... 0x3000,
            0xFF01 ... 0xFFEF,
        ]
        var forms: [Unicode.Scalar: [Unicode.Scalar]] = [:]
        for scalar in characters.joined().compactMap(Unicode.Scalar.init) {
            let usual = Composition.composedWithoutAppearance([scalar])
            if usual != [scalar] { forms[scalar] = usual }
        }
        // ftfy keeps the long s.
        forms["\u{FB05}"] = ["ſ", "t"]
        return forms
    }()

    private static func isUnwantedControl(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x00 ... 0x08, 0x0B, 0x0E ... 0x1F, 0x7F, 0x206A ... 0x206F, 0xFEFF, 0xFFF9 ... 0xFFFC: true
        default: false
        }
    }

    // MARK: Sequences

    private static func withPlainLineBreaks(_ text: [Unicode.Scalar]) -> [Unicode.Scalar] {
        text.replacingMatches { index in
            switch text[index] {
            case "\r": (["\n"], text[(index + 1)...].first == "\n" ? index + 2 : index + 1)
            case "\u{2028}", "\u{2029}", "\u{85}": (["\n"], index + 1)
            default: nil
            }
        }
    }

    /// Removes terminal escape sequences: escape, a bracket, numbers and semicolons, a letter.
    private static func withoutTerminalEscapes(_ text: [Unicode.Scalar]) -> [Unicode.Scalar] {
        guard text.contains("\u{1B}") else { return text }
        return text.replacingMatches { index in
            guard text[index...].starts(with: ["\u{1B}", "["]) else { return nil }
            let end = text[(index + 2)...].firstIndex { $0 != ";" && $0.properties.generalCategory != .decimalNumber }
            guard let end, text[end].isASCII, TextKind(text[end]) == .letter else { return nil }
            return ([], end + 1)
        }
    }
}

internal import Foundation

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
        var result: [Unicode.Scalar] = []
        result.reserveCapacity(text.count)
        for scalar in text {
            let visible = EncodingRepair.withoutControl(scalar)
            if let letters = ligatures[visible] {
                result += letters.map(withoutCurl)
            } else if let usual = widths[visible] {
                result += usual.map(withoutCurl)
            } else {
                result.append(withoutCurl(visible))
            }
        }
        return result
    }

    private static func withoutCurl(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        switch scalar.value {
        case 0x2BC, 0x2018 ... 0x201B: "'"
        case 0x201C ... 0x201F: "\""
        default: scalar
        }
    }

    private static let ligatures: [Unicode.Scalar: [Unicode.Scalar]] = [
        "Ĳ": ["I", "J"], "ĳ": ["i", "j"], "ŉ": ["ʼ", "n"],
        "Ǳ": ["D", "Z"], "ǲ": ["D", "z"], "ǳ": ["d", "z"],
        "Ǆ": ["D", "Ž"], "ǅ": ["D", "ž"], "ǆ": ["d", "ž"],
        "Ǉ": ["L", "J"], "ǈ": ["L", "j"], "ǉ": ["l", "j"],
        "Ǌ": ["N", "J"], "ǋ": ["N", "j"], "ǌ": ["n", "j"],
        "\u{FB00}": ["f", "f"], "\u{FB01}": ["f", "i"], "\u{FB02}": ["f", "l"],
        "\u{FB03}": ["f", "f", "i"], "\u{FB04}": ["f", "f", "l"], "\u{FB05}": ["ſ", "t"], "\u{FB06}": ["s", "t"],
    ]

    /// The usual forms of halfwidth and fullwidth characters, by NFKC.
    private static let widths: [Unicode.Scalar: [Unicode.Scalar]] = {
        var widths: [Unicode.Scalar: [Unicode.Scalar]] = ["\u{3000}": [" "]]
        for scalar in (UInt32(0xFF01) ... 0xFFEF).compactMap(Unicode.Scalar.init) {
            let usual = Array(String(scalar).precomposedStringWithCompatibilityMapping.unicodeScalars)
            if usual != [scalar] { widths[scalar] = usual }
        }
        return widths
    }()

    private static func isUnwantedControl(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x00 ... 0x08, 0x0B, 0x0E ... 0x1F, 0x7F, 0x206A ... 0x206F, 0xFEFF, 0xFFF9 ... 0xFFFC: true
        default: false
        }
    }

    // MARK: Sequences

    private static func withPlainLineBreaks(_ text: [Unicode.Scalar]) -> [Unicode.Scalar] {
        var result: [Unicode.Scalar] = []
        result.reserveCapacity(text.count)
        for (index, scalar) in text.enumerated() {
            switch scalar {
            case "\n" where index > 0 && text[index - 1] == "\r": break
            case "\r", "\u{2028}", "\u{2029}", "\u{85}": result.append("\n")
            default: result.append(scalar)
            }
        }
        return result
    }

    /// Removes terminal escape sequences: escape, a bracket, numbers and semicolons, a letter.
    private static func withoutTerminalEscapes(_ text: [Unicode.Scalar]) -> [Unicode.Scalar] {
        guard text.contains("\u{1B}") else { return text }
        var result: [Unicode.Scalar] = []
        var position = 0
        while position < text.count {
            if text[position] == "\u{1B}", position + 1 < text.count, text[position + 1] == "[" {
                var end = position + 2
                while end < text.count, text[end] == ";" || text[end].properties.generalCategory == .decimalNumber {
                    end += 1
                }
                if end < text.count, text[end].isASCII, TextKind(text[end]) == .letter {
                    position = end + 1
                    continue
                }
            }
            result.append(text[position])
            position += 1
        }
        return result
    }
}

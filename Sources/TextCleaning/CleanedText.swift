/// A cleaned text in lower case, as UTF-8 with the kind of each byte's character.
///
/// Cleaning is open_clip's default, which is OpenAI's: `ftfy.fix_text`, `html.unescape` twice, white space collapsed
/// and stripped, `str.lower`. All of ftfy 6.3 is covered except surrogates, which a Swift string cannot hold: character
/// references in text without tags; UTF-8 decoded as Latin-1, Windows-1252, -1251, -1250, -1253, -1254, -1257, Latin-2,
/// MacRoman or code page 437 (whole texts and parts, repeatedly, with lost bytes and spaces); C1 controls, Latin
/// ligatures, character widths, quotes, line breaks, terminal escapes, control characters; NFC. Characters later than
/// Unicode 14 have the properties of Swift's Unicode version, which may differ from those of a given Python.
package struct CleanedText {
    /// The text in UTF-8.
    package let bytes: [UInt8]
    let kinds: [TextKind]

    /// Cleans `text`.
    package init(_ text: String) {
        let raw = Array(text.utf8)
        if let (bytes, kinds) = Self.plain(raw) {
            self.bytes = bytes
            self.kinds = kinds
            return
        }
        var scalars = TextFixing.fixed(Array(text.unicodeScalars))
        scalars = HTMLEntities.unescaped(HTMLEntities.unescaped(scalars))
        scalars = LowerCase.of(Self.withSingleSpaces(scalars))
        var bytes: [UInt8] = []
        var kinds: [TextKind] = []
        bytes.reserveCapacity(scalars.count * 2)
        kinds.reserveCapacity(scalars.count * 2)
        for scalar in scalars {
            let kind = TextKind(scalar)
            for byte in UTF8.encode(scalar) ?? .init() {
                bytes.append(byte)
                kinds.append(kind)
            }
        }
        self.bytes = bytes
        self.kinds = kinds
    }

    /// The fast path for nearly all prompts, ASCII without references and control characters; nil for other texts.
    ///
    /// White space is kept: the pattern separates words there, whatever its length.
    private static func plain(_ raw: [UInt8]) -> ([UInt8], [TextKind])? {
        var bytes = raw
        var kinds = [TextKind](repeating: .space, count: raw.count)
        for (index, byte) in raw.enumerated() {
            switch byte {
            case 0x41 ... 0x5A: bytes[index] = byte + 0x20
            case 0x09, 0x0A, 0x0C, 0x0D, 0x20 ... 0x25, 0x27 ... 0x40, 0x5B ... 0x7E: break
            default: return nil
            }
            kinds[index] = TextKind.ascii[Int(byte)]
        }
        return (bytes, kinds)
    }

    /// The result of Python's `" ".join(text.split())`.
    private static func withSingleSpaces(_ text: [Unicode.Scalar]) -> [Unicode.Scalar] {
        Array(text.split(whereSeparator: \.isPythonSpace).joined(separator: [" "]))
    }
}

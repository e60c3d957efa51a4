extension String {
    /// The text that `bytes` are in Windows-1252; nil for a byte without a character there.
    init?(windows1252 bytes: [UInt8]) {
        var text = String.UnicodeScalarView()
        for byte in bytes {
            let scalar = 0x80 ..< 0xA0 ~= byte ? charactersFrom80[Int(byte) - 0x80] : Unicode.Scalar(byte)
            guard scalar != missing else { return nil }
            text.append(scalar)
        }
        self.init(text)
    }
}

private let missing: Unicode.Scalar = "\u{FFFD}"
private let charactersFrom80 = Array(
    "€\u{FFFD}‚ƒ„…†‡ˆ‰Š‹Œ\u{FFFD}Ž\u{FFFD}\u{FFFD}‘’“”•–—˜™š›œ\u{FFFD}žŸ".unicodeScalars)

/// Lower case by the rules of Python's `str.lower`.
enum LowerCase {
    /// `text` in lower case; a capital sigma at the end of a word becomes ς.
    static func of(_ text: [Unicode.Scalar]) -> [Unicode.Scalar] {
        var result: [Unicode.Scalar] = []
        result.reserveCapacity(text.count)
        for (index, scalar) in text.enumerated() {
            if scalar.isASCII {
                let isCapital = "A" ... "Z" ~= scalar
                result.append(isCapital ? Unicode.Scalar(UInt8(scalar.value) + 0x20) : scalar)
            } else if scalar == "Σ" {
                result.append(endsWord(index, of: text) ? "ς" : "σ")
            } else {
                result += scalar.properties.lowercaseMapping.unicodeScalars
            }
        }
        return result
    }

    /// Whether a cased letter precedes `index` and none follows it, ignoring case-ignorable characters.
    private static func endsWord(_ index: Int, of text: [Unicode.Scalar]) -> Bool {
        let before = text[..<index].last { !$0.properties.isCaseIgnorable }
        guard before?.properties.isCased == true else { return false }
        return text[(index + 1)...].first { !$0.properties.isCaseIgnorable }?.properties.isCased != true
    }
}

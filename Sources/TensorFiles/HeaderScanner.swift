internal import Core

/// A scanner of the text in a file's header.
struct HeaderScanner: ~Escapable {
    private let text: Span<UInt8>
    private let path: String
    private let remedy: Remedy
    /// The byte offset in the text.
    private(set) var offset = 0

    /// Creates a scanner; `path` and `remedy` appear in errors.
    @_lifetime(copy text)
    init(_ text: Span<UInt8>, path: String, remedy: Remedy) {
        self.text = text
        self.path = path
        self.remedy = remedy
    }

    var next: UInt8? { offset < text.count ? text[offset] : nil }

    mutating func read() -> UInt8? {
        guard let byte = next else { return nil }
        offset += 1
        return byte
    }

    mutating func skipSpaces() { while let byte = next, [0x20, 0x09, 0x0A, 0x0D].contains(byte) { offset += 1 } }

    /// Skips `mark` and the spaces before it; returns false if another byte follows.
    mutating func skipIfPresent(_ mark: Unicode.Scalar) -> Bool {
        skipSpaces()
        guard let byte = next, UInt32(byte) == mark.value else { return false }
        offset += 1
        return true
    }

    /// Skips `mark` and the spaces before it.
    mutating func skip(_ mark: Unicode.Scalar) throws(Fault) {
        guard skipIfPresent(mark) else {
            throw invalid("no '\(mark)' at byte \(offset) of the header", "a valid header")
        }
    }

    mutating func number() throws(Fault) -> Int {
        skipSpaces()
        let start = offset
        while let byte = next, (UInt8(ascii: "0") ... UInt8(ascii: "9")).contains(byte) { offset += 1 }
        let digits = String(decoding: (start ..< offset).map { text[$0] }, as: UTF8.self)
        guard digits == "0" || !digits.isEmpty && !digits.hasPrefix("0") else {
            throw invalid("no integer at byte \(start) of the header", "a size")
        }
        guard let value = Int(digits) else {
            throw invalid("a number above 64 bits at byte \(start) of the header", "sizes that fit the file")
        }
        return value
    }

    func invalid(_ found: String, _ expected: String) -> Fault {
        .badData(path, found: found, expected: expected, remedy: remedy)
    }
}

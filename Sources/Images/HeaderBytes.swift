internal import Core

/// The first bytes of a file, read number by number; reading past the end throws instead of trapping.
struct HeaderBytes: ~Escapable {
    private let bytes: Span<UInt8>
    let path: String

    @_lifetime(copy bytes)
    init(_ bytes: RawSpan, path: String) {
        self.bytes = Span(_bytes: bytes)
        self.path = path
    }

    var count: Int { bytes.count }

    func byte(_ offset: Int) throws(Fault) -> Int {
        guard offset >= 0, offset < bytes.count else {
            throw damaged("a file that ends in the middle of the header at byte \(bytes.count)")
        }
        return Int(bytes[offset])
    }

    /// Returns the little-endian number of `width` bytes at `offset`.
    func little(_ offset: Int, _ width: Int) throws(Fault) -> Int {
        var value = 0
        for index in (0 ..< width).reversed() { value = value << 8 | (try byte(offset + index)) }
        return value
    }

    /// Returns the big-endian number of `width` bytes at `offset`.
    func big(_ offset: Int, _ width: Int) throws(Fault) -> Int {
        var value = 0
        for index in 0 ..< width { value = value << 8 | (try byte(offset + index)) }
        return value
    }

    /// Whether the bytes at `offset` are the ASCII string `text`.
    func holds(_ text: StaticString, at offset: Int) throws(Fault) -> Bool {
        for (index, letter) in Array("\(text)".utf8).enumerated() where try byte(offset + index) != letter {
            return false
        }
        return true
    }

    /// Returns at most `limit` bytes from the start.
    func prefix(_ limit: Int) -> [UInt8] { (0 ..< min(limit, bytes.count)).map { bytes[$0] } }

    func damaged(_ found: String, expected: String = "a complete image") -> Fault {
        .damagedImage(path, found: found, expected: expected)
    }
}

internal import Core

/// The bytes at a file's start, read number by number: whatever lies behind the last byte is a fault, never a trap.
struct HeaderBytes: ~Escapable {
    private let bytes: Span<UInt8>
    let path: String

    @_lifetime(copy bytes)
    init(_ bytes: RawSpan, path: String) {
        self.bytes = Span(_bytes: bytes)
        self.path = path
    }

    var count: Int { bytes.count }

    func byte(_ place: Int) throws(Fault) -> Int {
        guard place >= 0, place < bytes.count else {
            throw .badData(
                path, found: "a file that ends in the middle of the header at byte \(bytes.count)",
                expected: "a whole image", remedy: "copy or download it again")
        }
        return Int(bytes[place])
    }

    /// `width` bytes as one number, the low byte first.
    func little(_ place: Int, _ width: Int) throws(Fault) -> Int {
        var value = 0
        for offset in (0 ..< width).reversed() { value = value << 8 | (try byte(place + offset)) }
        return value
    }

    /// `width` bytes as one number, the high byte first.
    func big(_ place: Int, _ width: Int) throws(Fault) -> Int {
        var value = 0
        for offset in 0 ..< width { value = value << 8 | (try byte(place + offset)) }
        return value
    }

    /// Whether the ASCII text stands at `place`.
    func holds(_ text: StaticString, at place: Int) throws(Fault) -> Bool {
        for (offset, letter) in Array("\(text)".utf8).enumerated() where try byte(place + offset) != letter {
            return false
        }
        return true
    }

    /// The first bytes, as many of `limit` as there are.
    func prefix(_ limit: Int) -> [UInt8] { (0 ..< min(limit, bytes.count)).map { bytes[$0] } }

    func fault(_ found: String, expected: String = "a whole image") -> Fault {
        .badData(path, found: found, expected: expected, remedy: "copy or download it again")
    }
}

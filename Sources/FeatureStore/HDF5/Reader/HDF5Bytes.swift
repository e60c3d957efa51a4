internal import Core

/// The bytes of HDF5 structures, read number by number; reading out of bounds throws instead of trapping.
struct HDF5Bytes: ~Escapable {
    private let bytes: Span<UInt8>
    let path: String

    @_lifetime(copy bytes)
    init(_ bytes: RawSpan, path: String) {
        self.bytes = Span(_bytes: bytes)
        self.path = path
    }

    @_lifetime(copy bytes)
    private init(_ bytes: Span<UInt8>, path: String) {
        self.bytes = bytes
        self.path = path
    }

    /// The number of bytes.
    var count: Int { bytes.count }

    /// Returns `size` bytes from `start` on.
    @_lifetime(copy self)
    func piece(_ start: Int, _ size: Int) throws(Fault) -> HDF5Bytes {
        guard start >= 0, size >= 0, start <= count, size <= count - start else {
            throw invalid("a structure that extends beyond its end")
        }
        return HDF5Bytes(bytes.extracting(start ..< start + size), path: path)
    }

    /// Reads the little-endian number of `width` bytes at `offset`, which must be below 2^56.
    func number(_ offset: Int, _ width: Int) throws(Fault) -> Int {
        guard offset >= 0, offset <= count, width <= count - offset else {
            throw invalid("a structure that extends beyond its end")
        }
        var value: UInt64 = 0
        for index in (0 ..< width).reversed() { value = value << 8 | UInt64(bytes[offset + index]) }
        guard value >> 56 == 0 else { throw invalid("a number above 2^56") }
        return Int(value)
    }

    /// Whether the address of `width` bytes at `offset` is undefined, which is encoded by all bits set.
    func isAbsent(_ offset: Int, _ width: Int = 8) throws(Fault) -> Bool {
        for index in 0 ..< width where try number(offset + index, 1) != 0xFF { return false }
        return true
    }

    /// Whether the bytes at `offset` are the ASCII string `text`.
    func holds(_ text: StaticString, at offset: Int) throws(Fault) -> Bool {
        for (index, letter) in Array("\(text)".utf8).enumerated() where try number(offset + index, 1) != letter {
            return false
        }
        return true
    }

    /// Returns all bytes.
    func array() -> [UInt8] { bytes.indices.map { bytes[$0] } }

    /// Decodes all bytes up to a NUL as UTF-8; nil if they are not valid.
    func text() -> String? { String(validating: array().prefix { $0 != 0 }, as: UTF8.self) }

    /// Returns the error for an invalid structure.
    func invalid(_ found: String) -> Fault { .invalidLayout(path, found) }
}

internal import Core

/// The bytes of HDF5 structures, read number by number; reading out of bounds throws instead of trapping.
struct HDF5Bytes: ~Escapable {
    private let bytes: Span<UInt8>
    private let path: String

    @_lifetime(copy bytes)
    init(_ bytes: Span<UInt8>, path: String) {
        self.bytes = bytes
        self.path = path
    }

    var count: Int { bytes.count }

    @_lifetime(copy self)
    func piece(_ start: Int, _ size: Int) throws(Fault) -> HDF5Bytes {
        guard start >= 0, size >= 0, start <= count, size <= count - start else {
            throw invalid("a structure that extends beyond its end")
        }
        return HDF5Bytes(bytes.extracting(start ..< start + size), path: path)
    }

    /// Reads the little-endian number of `width` bytes at `offset`, which must be below 2^56.
    func number(_ offset: Int, _ width: Int) throws(Fault) -> Int {
        let digits = try piece(offset, width).bytes
        var value: UInt64 = 0
        for index in digits.indices.reversed() { value = value << 8 | UInt64(digits[index]) }
        guard value >> 56 == 0 else { throw invalid("a number above 2^56") }
        return Int(value)
    }

    /// Whether the 8-byte address at `offset` is undefined, which is encoded by all bits set.
    func isAbsent(_ offset: Int) throws(Fault) -> Bool { try piece(offset, 8).array().allSatisfy { $0 == 0xFF } }

    /// Whether the bytes at `offset` are the ASCII string `text`.
    func holds(_ text: String, at offset: Int) throws(Fault) -> Bool {
        try piece(offset, text.utf8.count).array() == Array(text.utf8)
    }

    /// Returns the byte offset in the file of an address, which is relative to the end of the user block.
    func offset(of address: Int) throws(Fault) -> Int {
        let (offset, overflow) = address.addingReportingOverflow(HDF5File.userBlock)
        guard !overflow, offset < count else { throw invalid("an address outside of the file") }
        return offset
    }

    func array() -> [UInt8] { bytes.indices.map { bytes[$0] } }

    /// Decodes all bytes up to a NUL as UTF-8.
    func text() throws(Fault) -> String {
        guard let text = String(validating: array().prefix { $0 != 0 }, as: UTF8.self) else {
            throw invalid("a name that is not UTF-8")
        }
        return text
    }

    func invalid(_ found: String) -> Fault { .invalidLayout(path, found) }
}

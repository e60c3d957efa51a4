internal import Core

/// The bytes of a feature file's HDF5 structures, read number by number: whatever lies outside is a fault, never a trap.
struct StructureBytes: ~Escapable {
    private let bytes: Span<UInt8>
    let path: String

    @_lifetime(copy bytes)
    init(_ bytes: RawSpan, path: String) { (self.bytes, self.path) = (Span(_bytes: bytes), path) }

    @_lifetime(copy bytes)
    private init(_ bytes: Span<UInt8>, path: String) { (self.bytes, self.path) = (bytes, path) }

    var count: Int { bytes.count }

    /// The bytes of `range`.
    @_lifetime(copy self)
    func piece(_ start: Int, _ size: Int) throws(Fault) -> StructureBytes {
        guard start >= 0, size >= 0, start <= count, size <= count - start else {
            throw fault("a structure that reaches beyond its end")
        }
        return StructureBytes(bytes.extracting(start ..< start + size), path: path)
    }

    /// `width` bytes from `place` on as one number, the low byte first; none is above 2^56.
    func number(_ place: Int, _ width: Int) throws(Fault) -> Int {
        guard place >= 0, place <= count, width <= count - place else {
            throw fault("a structure that reaches beyond its end")
        }
        var value: UInt64 = 0
        for offset in (0 ..< width).reversed() {
            value = value << 8 | UInt64(bytes[place + offset])
        }
        guard value >> 56 == 0 else { throw fault("a number beyond what a file has") }
        return Int(value)
    }

    /// Whether all `width` bytes from `place` on have all their bits, which stands for no address.
    func isAbsent(_ place: Int, _ width: Int = 8) throws(Fault) -> Bool {
        for offset in 0 ..< width where try number(place + offset, 1) != 0xFF { return false }
        return true
    }

    /// Whether the ASCII text stands at `place`.
    func holds(_ text: StaticString, at place: Int) throws(Fault) -> Bool {
        for (offset, letter) in Array("\(text)".utf8).enumerated() where try number(place + offset, 1) != letter {
            return false
        }
        return true
    }

    /// All of it.
    func array() -> [UInt8] { bytes.indices.map { bytes[$0] } }

    /// Text of all of it, up to a zero byte; nil where it is no UTF-8.
    func text() -> String? { String(validating: array().prefix { $0 != 0 }, as: UTF8.self) }

    func fault(_ found: String) -> Fault { .strange(path, found) }
}

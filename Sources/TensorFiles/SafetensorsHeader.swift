internal import Core

/// The header of a `.safetensors` file: the types, shapes, and byte ranges of tensors, and metadata.
struct SafetensorsHeader {
    /// A tensor in the header.
    struct Entry {
        /// The format's name for the type, such as `F16`.
        let code: String
        let shape: [Int]
        /// The byte range, relative to the start of the data.
        let range: Range<Int>
    }

    let entries: [String: Entry]
    let metadata: [String: String]
    /// The byte offset of the data in the file.
    let dataOffset: Int

    /// The maximum length in bytes, that of the reference implementation.
    static let maximumLength = 100_000_000

    /// The element sizes in bytes of all types of the format, including unsupported ones.
    static let widths: [String: Int] = [
        "BOOL": 1, "U8": 1, "I8": 1, "F8_E4M3": 1, "F8_E5M2": 1, "F8_E8M0": 1, "U16": 2, "I16": 2, "F16": 2, "BF16": 2,
        "U32": 4, "I32": 4, "F32": 4, "U64": 8, "I64": 8, "F64": 8, "C64": 8,
    ]

    /// Parses and checks the header of `file`; `path` names the file in errors.
    ///
    /// The tensors must cover the data without gaps or overlaps.
    init(_ file: RawSpan, path: String) throws(Fault) {
        let bytes = Span<UInt8>(_bytes: file)
        guard bytes.count >= 8 else {
            throw .badData(path, found: "\(bytes.count) bytes", expected: "at least the 8 bytes of the header length")
        }
        let length = (0 ..< 8).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64(bytes[$1]) }
        guard length <= UInt64(Self.maximumLength) else {
            throw .otherContent(
                path, bytes, found: "a header of \(length) bytes",
                expected: "a .safetensors file, with a header of at most \(grouped(Self.maximumLength))",
                remedy: "check that it is a .safetensors file")
        }
        let end = 8 + Int(length)
        guard end <= bytes.count else {
            throw .badData(
                path, found: "a header of \(length) bytes in a file of \(bytes.count)", expected: "the complete header",
                remedy: "copy the truncated file again")
        }
        var parser = SafetensorsJSON(text: bytes.extracting(8 ..< end), path: path)
        try parser.parse()
        entries = parser.entries
        metadata = parser.metadata
        dataOffset = end
        try Self.checkCover(entries, dataCount: bytes.count - end, path: path)
    }

    private static func checkCover(_ entries: [String: Entry], dataCount: Int, path: String) throws(Fault) {
        var offset = 0
        func place(_ name: String, _ range: Range<Int>) -> (Int, Int, String) {
            (range.lowerBound, range.upperBound, name)
        }
        func misplaced(_ found: String, _ expected: String, _ remedy: Remedy = "write the file again") -> Fault {
            .badData(path, found: found, expected: expected, remedy: remedy)
        }
        for (name, entry) in entries.sorted(by: { place($0.key, $0.value.range) < place($1.key, $1.value.range) }) {
            guard let width = widths[entry.code] else {
                let known = widths.keys.sorted().joined(separator: " ")
                throw misplaced("tensor '\(name)' of the unknown type '\(entry.code)'", "one of \(known)", "")
            }
            guard entry.range.lowerBound == offset else {
                throw misplaced(
                    "tensor '\(name)' at byte \(entry.range.lowerBound)",
                    "byte \(offset), the end of the previous tensor")
            }
            guard TensorShape.byteCount(entry.shape, width: width) == entry.range.count else {
                throw misplaced(
                    "\(entry.range.count) bytes for tensor '\(name)'",
                    "the size of \(entry.code) \(TensorShape.text(entry.shape))")
            }
            offset = entry.range.upperBound
        }
        guard offset == dataCount else {
            throw misplaced(
                "\(grouped(dataCount)) bytes of data", "\(grouped(offset)) bytes, the total of the header",
                "copy the file again")
        }
    }
}

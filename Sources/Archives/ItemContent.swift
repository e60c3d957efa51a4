package import Core

/// The location of an item's image; only its size is known until it is read.
package enum ItemContent: Sendable {
    /// A separate file.
    case file(String, byteCount: Int)
    /// A range of an archive of `fileBytes` bytes.
    case piece(of: String, _ fileBytes: Int, Range<Int>)
    /// Bytes that are already in memory.
    case value(ArraySlice<UInt8>)

    /// The size of the image in bytes.
    package var byteCount: Int {
        switch self {
        case .file(_, let byteCount): byteCount
        case .piece(_, _, let range): range.count
        case .value(let bytes): bytes.count
        }
    }

    /// Reads the image into memory.
    ///
    /// - Throws: `badData` if it is empty, not a file, or has changed; `inputOutput` if reading fails.
    package func bytes() throws(Fault) -> [UInt8] {
        switch self {
        case .file(let path, _): return try fileBytes(path)
        case .piece(let path, let byteCount, let range):
            return try openArchive(path, expected: byteCount).bytes(range)
        case .value(let bytes): return Array(bytes)
        }
    }

    /// Calls `body` with the bytes; a file is memory-mapped.
    ///
    /// - Throws: the errors of ``bytes()`` and of `body`.
    package func withBytes<Value>(_ body: (RawSpan) throws(Fault) -> Value) throws(Fault) -> Value {
        switch self {
        case .file(let path, _):
            let file = try MappedFile(path: path)
            return try body(file.bytes)
        case .piece(let path, let byteCount, let range):
            let file = try MappedFile(path: path)
            guard file.byteCount == byteCount else {
                throw .badData(path, found: "an archive that changes while it is read")
            }
            return try body(file.bytes.extracting(range))
        case .value(let bytes): return unsafe try body(bytes.span.bytes)
        }
    }
}

package import Core

/// The bytes of an item's image, of which no more is read yet than how many there are.
package enum ItemContent: Sendable {
    /// A file of its own.
    case file(String, byteCount: Int)
    /// A part of a file that has `fileBytes`.
    case piece(of: String, _ fileBytes: Int, Range<Int>)
    /// Bytes that had to be read to be found.
    case value(ArraySlice<UInt8>)

    package var byteCount: Int {
        switch self {
        case .file(_, let byteCount): byteCount
        case .piece(_, _, let range): range.count
        case .value(let bytes): bytes.count
        }
    }

    /// Reads all of it into memory.
    ///
    /// - Throws: `badData` if it is empty, is no file or has changed, `inputOutput` if the disk fails.
    package func bytes() throws(Fault) -> [UInt8] {
        switch self {
        case .file(let path, _): return try fileBytes(path)
        case .piece(let path, let byteCount, let range):
            return try ArchiveFile(path: path, expected: byteCount).bytes(range)
        case .value(let bytes): return Array(bytes)
        }
    }

    /// Lends the bytes to `body`; those of a file are read as they are touched.
    ///
    /// - Throws: as ``bytes()``, and what `body` throws.
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

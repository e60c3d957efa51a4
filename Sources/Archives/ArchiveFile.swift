internal import Core

/// A file from which pieces are read at any offset.
struct ArchiveFile: ~Copyable {
    let path: String
    let byteCount: Int
    private let file: OpenFile

    /// Opens the regular file at `path`.
    ///
    /// - Throws: `noInput` if it does not exist, `badData` if it is not a regular file, or no longer has `expected`
    ///   bytes.
    init(path: String, expected: Int? = nil) throws(Fault) {
        let opened = try OpenFile(reading: path)
        let count = try opened.byteCount()
        guard expected == nil || expected == count else {
            throw .badData(
                path, found: "\(count) bytes where there were \(expected ?? count)",
                expected: "an archive that does not change while it is read", remedy: "start again")
        }
        self.path = path
        byteCount = count
        file = opened
    }

    /// Reads the bytes of `range`, which must be within the file.
    ///
    /// - Throws: `inputOutput` if reading fails or the file shrinks.
    borrowing func bytes(_ range: Range<Int>) throws(Fault) -> [UInt8] {
        precondition(range.lowerBound >= 0 && range.upperBound <= byteCount, "\(range) of \(byteCount) bytes")
        return try file.bytes(range)
    }
}

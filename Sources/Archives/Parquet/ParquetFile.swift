package import Core

/// A parquet file whose rows are read a page at a time.
///
/// It may be anyone's: what it claims is compared with how long it is before anything is allocated.
package struct ParquetFile: Sendable {
    /// A run of rows that are stored together.
    struct Group: Sendable {
        let rowCount: Int
        let chunks: [ParquetFooter.Chunk]
    }

    package let path: String
    /// How long the file is; another length is another file.
    let byteCount: Int
    /// The leaves of its schema.
    package let columns: [ParquetColumn]
    let groups: [Group]
    /// The first row of each group, and the number of rows at last.
    let groupStarts: [Int]
    /// What Hugging Face's libraries say of the columns.
    package let features: HuggingFaceFeatures?
    /// The SHA-256 of the footer, which has the places and sizes of all values.
    package let footerDigest: Digest

    package var rowCount: Int { groupStarts.last ?? 0 }
    package var groupCount: Int { groups.count }

    /// Reads the footer of the file at `path`.
    ///
    /// - Throws: `noInput` if there is none, `badData` if it is no parquet file, or one that contradicts itself.
    package init(path: String) throws(Fault) {
        let file = try ArchiveFile(path: path)
        let footer = try Self.footer(file)
        let stored: ParquetFooter
        do throws(ThriftFailure) { stored = try ParquetFooter(footer[...]) } catch {
            throw .damagedTable(path, "a footer that cannot be read")
        }
        guard let columns = SchemaElement.leaves(stored.schema) else {
            throw .damagedTable(path, "a schema that is no tree of columns")
        }
        (self.path, byteCount, self.columns) = (path, file.byteCount, columns)
        features = HuggingFaceFeatures(stored.metadata)
        footerDigest = unsafe Digest(of: footer.span.bytes)
        // A row that says anything takes some bits.
        var starts = [0]
        for (number, group) in stored.groups.enumerated() {
            let (rows, overflows) = starts[number].addingReportingOverflow(group.rowCount)
            guard group.rowCount >= 0, !overflows, rows <= 8 * byteCount + 1 << 16 else {
                throw .damagedTable(path, "\(group.rowCount) rows in group \(number) of a file of \(byteCount) bytes")
            }
            guard group.chunks.count == columns.count else {
                throw .damagedTable(
                    path, "\(group.chunks.count) columns in group \(number), and \(columns.count) in the schema")
            }
            starts.append(rows)
        }
        guard starts.last == stored.rowCount else {
            throw .damagedTable(path, "\(stored.rowCount) rows, and \(starts.last ?? 0) in its groups")
        }
        groups = stored.groups.map { Group(rowCount: $0.rowCount, chunks: $0.chunks) }
        groupStarts = starts
    }

    private static func footer(_ file: borrowing ArchiveFile) throws(Fault) -> [UInt8] {
        let path = file.path
        guard file.byteCount >= 12 else { throw .damagedTable(path, "\(file.byteCount) bytes") }
        let end = try file.bytes(file.byteCount - 8 ..< file.byteCount)
        if end[4...].elementsEqual("PARE".utf8) {
            throw .badData(
                path, found: "an encrypted parquet file", expected: "one that can be read", remedy: "decrypt it first")
        }
        guard end[4...].elementsEqual("PAR1".utf8), try file.bytes(0 ..< 4).elementsEqual("PAR1".utf8) else {
            throw .damagedTable(path, "no 'PAR1' at its beginning and end")
        }
        let length = (0 ..< 4).reduce(0) { $0 | Int(end[$1]) << (8 * $1) }
        guard length <= file.byteCount - 12 else {
            throw .damagedTable(path, "a footer of \(length) bytes in a file of \(file.byteCount)")
        }
        return try file.bytes(file.byteCount - 8 - length ..< file.byteCount - 8)
    }

    /// The group that `row` is in, and its place there; nil for no row.
    func place(ofRow row: Int) -> (group: Int, row: Int)? {
        guard (0 ..< rowCount).contains(row) else { return nil }
        var (low, high) = (0, groups.count)
        while high - low > 1 {
            let middle = (low + high) / 2
            if groupStarts[middle] <= row { low = middle } else { high = middle }
        }
        return (low, row - groupStarts[low])
    }

    /// Whether the file says that `column` has no value in any row.
    package func isEmpty(_ column: ParquetColumn) -> Bool {
        !groups.isEmpty && groups.allSatisfy { $0.chunks[column.number].nullCount == $0.rowCount }
    }
}

extension Fault {
    static func damagedTable(_ path: String, _ found: String) -> Fault {
        .badData(path, found: found, expected: "a whole parquet file", remedy: "copy or download it again")
    }
}

package import Core

/// A Parquet file whose rows are read page by page.
///
/// Files are untrusted: all sizes are compared with the file's length before memory is allocated.
package struct ParquetFile: Sendable {
    /// The path of the file.
    package let path: String
    /// The size of the file, by which a later change is detected.
    let byteCount: Int
    /// The leaves of the schema.
    package let columns: [ParquetColumn]
    let groups: [ParquetFooter.Group]
    /// The first row of each group, followed by the number of rows.
    let groupStarts: [Int]
    /// The column types stored by Hugging Face's libraries.
    package let features: HuggingFaceFeatures?
    /// The SHA-256 of the footer, which contains the offsets and sizes of all values.
    package let footerDigest: Digest

    /// The number of rows.
    package var rowCount: Int { groupStarts.last ?? 0 }
    /// The number of row groups.
    package var groupCount: Int { groups.count }

    /// Reads the footer of the file at `path`.
    ///
    /// - Throws: `noInput` if it does not exist, `badData` if it is not a Parquet file or is inconsistent.
    package init(path: String) throws(Fault) {
        let file = try OpenFile(reading: path)
        try file.requireData()
        byteCount = try file.byteCount()
        let footer = try Self.footer(file, byteCount)
        let stored: ParquetFooter
        do throws(ThriftFailure) { stored = try ParquetFooter(footer[...]) } catch {
            throw .damagedTable(path, "an unreadable footer")
        }
        guard let columns = SchemaElement.leaves(stored.schema) else {
            throw .damagedTable(path, "a schema that is not a tree of columns")
        }
        self.path = path
        self.columns = columns
        features = HuggingFaceFeatures(stored.metadata)
        footerDigest = unsafe Digest(of: footer.span.bytes)
        // Even a row of repeated values takes some bits, so more rows are damage.
        var starts = [0]
        for (number, group) in stored.groups.enumerated() {
            let (rows, overflows) = starts[number].addingReportingOverflow(group.rowCount)
            guard group.rowCount >= 0, !overflows, rows <= 8 * byteCount + 1 << 16 else {
                throw .damagedTable(
                    path, "\(group.rowCount) rows in row group \(number) of a file of \(byteCount) bytes")
            }
            guard group.chunks.count == columns.count else {
                throw .damagedTable(
                    path, "\(group.chunks.count) columns in row group \(number) and \(columns.count) in the schema")
            }
            starts.append(rows)
        }
        guard starts.last == stored.rowCount else {
            throw .damagedTable(path, "\(stored.rowCount) rows and \(starts.last ?? 0) in its row groups")
        }
        groups = stored.groups
        groupStarts = starts
    }

    private static func footer(_ file: borrowing OpenFile, _ byteCount: Int) throws(Fault) -> [UInt8] {
        let path = file.path
        guard byteCount >= 12 else { throw .damagedTable(path, "\(byteCount) bytes") }
        let end = try file.bytes(byteCount - 8 ..< byteCount)
        if end[4...].elementsEqual("PARE".utf8) {
            throw .badData(
                path, found: "an encrypted Parquet file", expected: "an unencrypted file", remedy: "decrypt it first")
        }
        guard end[4...].elementsEqual("PAR1".utf8), try file.bytes(0 ..< 4).elementsEqual("PAR1".utf8) else {
            let head = try file.read(FileContent.headLength, at: 0)
            if let content = FileContent(head: head), !head.starts(with: "PAR1".utf8) {
                throw .damagedTable(path, content.name)
            }
            throw .damagedTable(path, "no 'PAR1' at the start and end")
        }
        let length = Int(littleEndian(end[..<4]))
        guard length <= byteCount - 12 else {
            throw .damagedTable(path, "a footer of \(length) bytes in a file of \(byteCount)")
        }
        return try file.bytes(byteCount - 8 - length ..< byteCount - 8)
    }

    /// Returns the group of `row` and its index there; nil if there is no such row.
    func position(ofRow row: Int) -> (group: Int, row: Int)? {
        guard (0 ..< rowCount).contains(row) else { return nil }
        let group = groups.indices.partitionIndex { groupStarts[$0] > row } - 1
        return (group, row - groupStarts[group])
    }

    /// Whether all values of `column` are null, according to its statistics.
    package func isEmpty(_ column: ParquetColumn) -> Bool {
        !groups.isEmpty && groups.allSatisfy { $0.chunks[column.number].nullCount == $0.rowCount }
    }
}

extension Range<Int> {
    /// The first number that satisfies `predicate`, as do all larger ones; the upper bound if there is none.
    func partitionIndex(where predicate: (Int) -> Bool) -> Int {
        var low = lowerBound
        var high = upperBound
        while low < high {
            let middle = (low + high) / 2
            if predicate(middle) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}

/// Decodes a little-endian number of at most eight bytes.
func littleEndian(_ bytes: ArraySlice<UInt8>) -> UInt64 { bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) } }

extension Fault {
    /// Returns the error for a damaged Parquet file.
    static func damagedTable(_ path: String, _ found: String) -> Fault {
        .badData(path, found: found, expected: "a complete Parquet file", remedy: "copy or download it again")
    }
}

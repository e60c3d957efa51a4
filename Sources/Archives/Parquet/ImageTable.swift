internal import Core
internal import Synchronization

/// The images in a Parquet file, by row number.
///
/// A class, because all readers share the headers of its pages.
final class ImageTable: Sendable {
    private let file: ParquetFile
    /// The column of names that consist of a row number only.
    private let defaultColumn: Result<ParquetColumn, Fault>
    /// The pages per column and row group, read on first use.
    private let pages = Mutex<[[Int]: [ParquetPage]]>([:])

    init(path: String) throws(Fault) {
        let file = try ParquetFile(path: path)
        self.file = file
        defaultColumn = Result { () throws(Fault) in try file.imageColumn() }
    }

    /// Checks that the row `name` exists; the name starts with a column name if the file has several image columns.
    func require(_ name: String, item: String) throws(Fault) { _ = try position(name, item) }

    /// Locates the bytes of the row `name`.
    func content(of name: String, item: String, _ cache: PageCache) throws(Fault) -> ItemContent {
        let (column, group, row) = try position(name, item)
        let pages = try pages(of: column, group)
        // Finds the last page that starts at or before the row.
        var low = 0
        var high = pages.count
        while high - low > 1 {
            let middle = (low + high) / 2
            if pages[middle].firstRow <= row { low = middle } else { high = middle }
        }
        let values = try values(low, of: pages, column, group, cache)
        guard pages[low].kind != .dictionary, values.indices.contains(row - pages[low].firstRow) else {
            throw .damagedTable(file.path, "no page with row \(row) of row group \(group)")
        }
        switch values[row - pages[low].firstRow] {
        case .bytes(let bytes) where !bytes.isEmpty: return .value(bytes)
        default: throw .badData(item, found: "no bytes in this row", expected: "an image")
        }
    }

    private func position(
        _ name: String, _ item: String
    ) throws(Fault) -> (column: ParquetColumn, group: Int, row: Int) {
        let parts = name.split(separator: "/", omittingEmptySubsequences: false)
        let column =
            parts.count > 1
            ? try file.imageColumn(named: parts.dropLast().joined(separator: "/")) : try defaultColumn.get()
        // Only the canonical spelling of a number is accepted: neither +1 nor 01.
        guard let number = parts.last, let row = Int(number), String(row) == number,
            let position = file.position(ofRow: row)
        else { throw Fault(.noInput, item, found: "no such row in the file, which has \(file.rowCount)") }
        return (column, position.group, position.row)
    }

    private func pages(of column: ParquetColumn, _ group: Int) throws(Fault) -> [ParquetPage] {
        try pages.withLock { known throws(Fault) in
            if let pages = known[[column.number, group]] { return pages }
            let pages = try file.pages(column, group: group)
            known[[column.number, group]] = pages
            return pages
        }
    }

    private func values(
        _ number: Int, of pages: [ParquetPage], _ column: ParquetColumn, _ group: Int, _ cache: PageCache
    ) throws(Fault) -> [ParquetValue] {
        func key(_ page: Int) -> PageCache.Key {
            .init(path: file.path, column: column.number, group: group, page: page)
        }
        var dictionary: [ParquetValue]?
        if let first = pages.first, first.kind == .dictionary, pages[number].usesDictionary {
            dictionary = try cache.values(key(0), byteCount: first.uncompressedBytes) { () throws(Fault) in
                try file.values(of: first, column, group: group, dictionary: nil)
            }
        }
        return try cache.values(key(number), byteCount: pages[number].uncompressedBytes) { () throws(Fault) in
            try file.values(of: pages[number], column, group: group, dictionary: dictionary)
        }
    }
}

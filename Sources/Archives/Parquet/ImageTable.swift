internal import Core
internal import Synchronization

/// The images in a column of a parquet file, by the numbers of their rows.
///
/// A class, as everyone who reads its rows shares what is known of its pages.
final class ImageTable: Sendable {
    private let file: ParquetFile
    /// The column that a row's number alone means.
    private let usualColumn: Result<ParquetColumn, Fault>
    /// The pages of column and row group that were needed so far.
    private let pages = Mutex<[[Int]: [ParquetPage]]>([:])

    init(path: String) throws(Fault) {
        let file = try ParquetFile(path: path)
        self.file = file
        usualColumn = Result { () throws(Fault) in try file.imageColumn() }
    }

    /// Makes sure that there is a row `name`, with the column's name before it where the file has several with images.
    func require(_ name: String, item: String) throws(Fault) { _ = try place(name, item) }

    /// The bytes in the row `name`.
    func content(of name: String, item: String, _ cache: PageCache) throws(Fault) -> ItemContent {
        let (column, group, row) = try place(name, item)
        let pages = try pages(of: column, group)
        // The last page that does not start behind the row.
        var (low, high) = (0, pages.count)
        while high - low > 1 {
            let middle = (low + high) / 2
            if pages[middle].firstRow <= row { low = middle } else { high = middle }
        }
        let values = try values(low, of: pages, column, group, cache)
        guard pages[low].kind != .dictionary, values.indices.contains(row - pages[low].firstRow) else {
            throw .damagedTable(file.path, "no page with row \(row) of group \(group)")
        }
        switch values[row - pages[low].firstRow] {
        case .bytes(let bytes) where !bytes.isEmpty: return .value(bytes)
        default: throw .badData(item, found: "no bytes in this row", expected: "an image")
        }
    }

    private func place(
        _ name: String, _ item: String
    ) throws(Fault) -> (column: ParquetColumn, group: Int, row: Int) {
        let parts = name.split(separator: "/", omittingEmptySubsequences: false)
        let column =
            parts.count > 1
            ? try file.imageColumn(named: parts.dropLast().joined(separator: "/")) : try usualColumn.get()
        // One row has one name: neither +1 nor 01.
        guard let number = parts.last, let row = Int(number), String(row) == number, let place = file.place(ofRow: row)
        else { throw Fault(.noInput, item, found: "no such row in the file, which has \(file.rowCount)") }
        return (column, place.group, place.row)
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
        if let first = pages.first, first.kind == .dictionary, pages[number].isNumbered {
            dictionary = try cache.values(key(0), byteCount: first.unpackedBytes) { () throws(Fault) in
                try file.values(of: first, column, group: group, dictionary: nil)
            }
        }
        return try cache.values(key(number), byteCount: pages[number].unpackedBytes) { () throws(Fault) in
            try file.values(of: pages[number], column, group: group, dictionary: dictionary)
        }
    }
}

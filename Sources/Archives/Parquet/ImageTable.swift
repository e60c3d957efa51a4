internal import Core
internal import Synchronization

/// The images in a Parquet file, by row number.
///
/// A class, because all readers share the headers of its pages.
final class ImageTable: ArchiveIndex {
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

    func require(_ name: String, item: String) throws(Fault) { _ = try position(name, item) }

    func content(of name: String, item: String, _ cache: PageCache) throws(Fault) -> ItemContent {
        let (column, group, row) = try position(name, item)
        let pages = try pages(of: column, group)
        // The last page that starts at or before the row.
        let number = pages.indices.partitionIndex { pages[$0].firstRow > row } - 1
        let values = try values(number, of: pages, column, group, cache)
        let place = row - pages[number].firstRow
        guard pages[number].kind != .dictionary, values.indices.contains(place) else {
            throw .damagedTable(file.path, "no page with row \(row) of row group \(group)")
        }
        switch values[place] {
        case .bytes(let bytes) where !bytes.isEmpty: return .value(bytes)
        default: throw .badData(item, found: "no bytes in this row", expected: "an image")
        }
    }

    /// Locates the row `name`, which starts with a column name if the file has several image columns.
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

/// A cache of the pages decompressed last, because their other values are likely to be read next.
///
/// A class, because all readers of one image folder share its memory.
final class PageCache: Sendable {
    /// The identity of a page.
    struct Key: Equatable, Sendable {
        let path: String
        let column: Int
        let group: Int
        let page: Int
    }

    private struct Entry {
        let key: Key
        let values: [ParquetValue]
        let byteCount: Int
    }

    private let byteLimit: Int
    private static let entryLimit = 64
    /// The entries in the order of their last use.
    private let entries = Mutex<[Entry]>([])

    init(byteLimit: Int) { self.byteLimit = byteLimit }

    /// Returns the values of the page `key`, calling `read` if they are not cached.
    ///
    /// One page is read at a time, because waiting threads mostly need the same page.
    func values(
        _ key: Key, byteCount: Int, _ read: () throws(Fault) -> [ParquetValue]
    ) throws(Fault) -> [ParquetValue] {
        try entries.withLock { entries throws(Fault) in
            if let index = entries.lastIndex(where: { $0.key == key }) {
                let entry = entries.remove(at: index)
                entries.append(entry)
                return entry.values
            }
            // Old pages are removed first, so that at most one page exceeds the limit.
            var held = entries.reduce(byteCount) { $0 + $1.byteCount }
            while let oldest = entries.first, held > byteLimit || entries.count >= Self.entryLimit {
                held -= oldest.byteCount
                entries.removeFirst()
            }
            let values = try read()
            entries.append(Entry(key: key, values: values, byteCount: byteCount))
            return values
        }
    }
}

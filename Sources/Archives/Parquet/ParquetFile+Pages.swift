package import Core

extension ParquetFile {
    /// Bytes that most headers of pages fit into, and that none needs more of.
    private static let headerBytes = (usual: 1 << 11, most: 1 << 22)

    /// A column's values in a row group, once it is certain that they can be read.
    private func chunk(_ column: ParquetColumn, _ group: Int) throws(Fault) -> (codec: ParquetCodec, range: Range<Int>)
    {
        let chunk = groups[group].chunks[column.number]
        guard chunk.hasMetadata, !chunk.isEncrypted, chunk.externalPath == nil else {
            throw unreadable(
                column, chunk.isEncrypted ? "encrypted values" : "values in another file", "values in the file itself")
        }
        guard !column.isRepeated else { throw unreadable(column, "lists", "a value a row") }
        guard let codec = ParquetCodec(rawValue: chunk.codec) else {
            throw unreadable(column, "the codec \(ParquetCodec.title(chunk.codec))", "none, SNAPPY, GZIP or ZSTD")
        }
        // Some writers say 0 where there is no dictionary.
        let start = chunk.dictionaryStart.map { $0 > 0 ? min($0, chunk.dataStart) : chunk.dataStart } ?? chunk.dataStart
        guard chunk.valueCount == groups[group].rowCount, start >= 4, chunk.compressedBytes >= 0,
            start <= byteCount, chunk.compressedBytes <= byteCount - start
        else {
            throw .damagedTable(path, "column '\(column.name)' beyond the file's end, or with other rows than the rest")
        }
        return (codec, start ..< start + chunk.compressedBytes)
    }

    /// The pages of `column` in a row group, in order, a dictionary first; nothing but their headers is read.
    func pages(_ column: ParquetColumn, group: Int) throws(Fault) -> [ParquetPage] {
        let range = try chunk(column, group).range
        let file = try ArchiveFile(path: path, expected: byteCount)
        var pages: [ParquetPage] = []
        var (place, rows) = (range.lowerBound, 0)
        while rows < groups[group].rowCount {
            guard place < range.upperBound else {
                throw .damagedTable(path, "\(rows) rows of \(groups[group].rowCount) in column '\(column.name)'")
            }
            let (header, length) = try header(file, place ..< range.upperBound, column)
            // Indices of pages are for other readers.
            if header.kind != .index {
                guard var page = header.page(at: place + length, end: range.upperBound),
                    page.kind == .dictionary ? pages.isEmpty : page.valueCount <= groups[group].rowCount - rows
                else { throw unusablePage(column) }
                page.firstRow = rows
                if page.kind != .dictionary { rows += page.valueCount }
                pages.append(page)
            }
            guard header.packedBytes >= 0, header.packedBytes <= range.upperBound - place - length else {
                throw unusablePage(column)
            }
            place += length + header.packedBytes
        }
        return pages
    }

    private func header(
        _ file: borrowing ArchiveFile, _ range: Range<Int>, _ column: ParquetColumn
    ) throws(Fault) -> (PageHeader, length: Int) {
        var size = Self.headerBytes.usual
        while true {
            let bytes = try file.bytes(range.prefix(size).startIndex ..< range.prefix(size).endIndex)
            var reader = ThriftReader(bytes[...])
            do throws(ThriftFailure) {
                let header = try PageHeader(&reader)
                return (header, reader.count)
            } catch {
                guard error == .truncated, bytes.count < range.count, size < Self.headerBytes.most else {
                    throw unusablePage(column)
                }
                size *= 8
            }
        }
    }

    /// Reads the values of a page; `dictionary` holds those that it numbers, if there are any.
    func values(
        of page: ParquetPage, _ column: ParquetColumn, group: Int, dictionary: [ParquetValue]?
    ) throws(Fault) -> [ParquetValue] {
        let codec = try chunk(column, group).codec
        let packed = try ArchiveFile(path: path, expected: byteCount).bytes(page.range)
        // Where there are no levels, some writers name an encoding that nobody uses any more.
        guard column.definitionLimit == 0 || page.levelEncoding == .runLength else {
            throw unreadable(column, "levels in \(page.levelEncoding.title)", "RLE")
        }
        guard column.storage != .int96 else { throw unreadable(column, "values of the kind INT96", "another kind") }
        let decoder = PageDecoder(page: page, column: column, codec: codec, dictionary: dictionary)
        guard decoder.canRead else {
            throw unreadable(column, "the encoding \(page.encoding.title)", "PLAIN or a dictionary")
        }
        guard let values = decoder.values(packed) else { throw unusablePage(column) }
        return values
    }

    /// All values of `column` in a row group.
    package func values(_ column: ParquetColumn, group: Int) throws(Fault) -> [ParquetValue] {
        var dictionary: [ParquetValue]?
        var values: [ParquetValue] = []
        for page in try pages(column, group: group) {
            let found = try self.values(of: page, column, group: group, dictionary: dictionary)
            if page.kind == .dictionary { dictionary = found } else { values += found }
        }
        return values
    }

    private func unusablePage(_ column: ParquetColumn) -> Fault {
        .damagedTable(path, "a page of column '\(column.name)' that cannot be read")
    }

    private func unreadable(_ column: ParquetColumn, _ found: String, _ expected: String) -> Fault {
        .badData(
            path, found: "\(found) in column '\(column.name)'", expected: expected,
            remedy: "write the file again in another way, as with pyarrow.parquet.write_table")
    }
}

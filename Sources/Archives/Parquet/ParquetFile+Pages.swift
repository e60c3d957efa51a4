package import Core

extension ParquetFile {
    /// The size in bytes that is enough for most page headers, and the limit for all.
    private static let headerSizes = (usual: 1 << 11, most: 1 << 22)

    /// A column's values in a row group.
    private struct Chunk {
        let codec: ParquetCodec
        let range: Range<Int>
        /// The number of values: one per row, unless rows are lists.
        let valueCount: Int
    }

    /// Returns the codec and byte range of a column's values in a row group, after checking that they can be read.
    private func chunk(_ column: ParquetColumn, _ group: Int) throws(Fault) -> Chunk {
        let chunk = groups[group].chunks[column.number]
        guard chunk.hasMetadata, !chunk.isEncrypted, chunk.externalPath == nil else {
            throw unreadable(
                column, chunk.isEncrypted ? "encrypted values" : "values in another file", "values in the file itself")
        }
        guard column.repetitionLimit <= 1 else { throw unreadable(column, "lists of lists", "numbers or lists") }
        guard let codec = ParquetCodec(rawValue: chunk.codec) else {
            throw unreadable(
                column, "the codec \(ParquetCodec.title(chunk.codec))", "no compression, SNAPPY, GZIP, or ZSTD")
        }
        // Some writers store 0 if there is no dictionary.
        let start = chunk.dictionaryStart.map { $0 > 0 ? min($0, chunk.dataStart) : chunk.dataStart } ?? chunk.dataStart
        let rowCount = groups[group].rowCount
        guard column.isRepeated ? chunk.valueCount >= rowCount : chunk.valueCount == rowCount,
            start >= 4, chunk.compressedBytes >= 0, start <= byteCount, chunk.compressedBytes <= byteCount - start
        else {
            throw .damagedTable(
                path, "column '\(column.name)' with a wrong number of rows or beyond the end of the file")
        }
        return Chunk(codec: codec, range: start ..< start + chunk.compressedBytes, valueCount: chunk.valueCount)
    }

    /// Reads the headers of all pages of `column` in a row group, in order; a dictionary page comes first.
    func pages(_ column: ParquetColumn, group: Int) throws(Fault) -> [ParquetPage] {
        let chunk = try chunk(column, group)
        let range = chunk.range
        let file = try openArchive(path, expected: byteCount)
        var pages: [ParquetPage] = []
        var offset = range.lowerBound
        var rows = 0
        while rows < chunk.valueCount {
            guard offset < range.upperBound else {
                throw .damagedTable(path, "\(rows) values of \(chunk.valueCount) in column '\(column.name)'")
            }
            let (header, length) = try header(file, offset ..< range.upperBound, column)
            // Page indexes are not needed.
            if header.kind != .index {
                guard var page = header.page(at: offset + length, end: range.upperBound),
                    page.kind == .dictionary ? pages.isEmpty : page.valueCount <= chunk.valueCount - rows
                else { throw damagedPage(column) }
                page.firstRow = rows
                if page.kind != .dictionary { rows += page.valueCount }
                pages.append(page)
            }
            guard header.compressedBytes >= 0, header.compressedBytes <= range.upperBound - offset - length else {
                throw damagedPage(column)
            }
            offset += length + header.compressedBytes
        }
        return pages
    }

    private func header(
        _ file: borrowing OpenFile, _ range: Range<Int>, _ column: ParquetColumn
    ) throws(Fault) -> (PageHeader, length: Int) {
        var size = Self.headerSizes.usual
        while true {
            let bytes = try file.bytes(range.prefix(size).startIndex ..< range.prefix(size).endIndex)
            var reader = ThriftReader(bytes[...])
            do throws(ThriftFailure) {
                let header = try PageHeader(&reader)
                return (header, reader.count)
            } catch {
                guard error == .truncated, bytes.count < range.count, size < Self.headerSizes.most else {
                    throw damagedPage(column)
                }
                size *= 8
            }
        }
    }

    /// Reads the values of a page; `dictionary` holds the column's dictionary page, if any.
    func values(
        of page: ParquetPage, _ column: ParquetColumn, group: Int, dictionary: [ParquetValue]?
    ) throws(Fault) -> [ParquetValue] {
        guard page.kind == .dictionary || !column.isRepeated else {
            throw unreadable(column, "lists", "one value per row")
        }
        let (decoder, bytes) = try decoder(of: page, column, group: group, dictionary: dictionary)
        guard let values = decoder.values(bytes) else { throw damagedPage(column) }
        return values
    }

    /// Reads the values of a page of lists; `dictionary` holds the column's dictionary page, if any.
    func lists(
        of page: ParquetPage, _ column: ParquetColumn, group: Int, dictionary: [ParquetValue]?
    ) throws(Fault) -> PageDecoder.Lists {
        let (decoder, bytes) = try decoder(of: page, column, group: group, dictionary: dictionary)
        guard let lists = decoder.lists(bytes) else { throw damagedPage(column) }
        return lists
    }

    /// Returns the decoder of a page and its bytes, after checking that the encoding is supported.
    private func decoder(
        of page: ParquetPage, _ column: ParquetColumn, group: Int, dictionary: [ParquetValue]?
    ) throws(Fault) -> (PageDecoder, bytes: [UInt8]) {
        let codec = try chunk(column, group).codec
        let bytes = try openArchive(path, expected: byteCount).bytes(page.range)
        // Without levels, some writers store an obsolete encoding.
        guard column.definitionLimit == 0 || page.levelEncoding == .runLength else {
            throw unreadable(column, "levels in \(page.levelEncoding.title)", "RLE")
        }
        guard column.storage != .int96 else { throw unreadable(column, "values of type INT96", "another type") }
        let decoder = PageDecoder(page: page, column: column, codec: codec, dictionary: dictionary)
        guard decoder.isSupported else {
            throw unreadable(column, "the encoding \(page.encoding.title)", "PLAIN or a dictionary")
        }
        return (decoder, bytes)
    }

    /// Reads all values of `column` in a row group.
    package func values(_ column: ParquetColumn, group: Int) throws(Fault) -> [ParquetValue] {
        var dictionary: [ParquetValue]?
        var values: [ParquetValue] = []
        for page in try pages(column, group: group) {
            let found = try self.values(of: page, column, group: group, dictionary: dictionary)
            if page.kind == .dictionary { dictionary = found } else { values += found }
        }
        return values
    }

    private func damagedPage(_ column: ParquetColumn) -> Fault {
        .damagedTable(path, "an unreadable page in column '\(column.name)'")
    }

    private func unreadable(_ column: ParquetColumn, _ found: String, _ expected: String) -> Fault {
        .badData(
            path, found: "\(found) in column '\(column.name)'", expected: expected,
            remedy: "write the file again, for example with pyarrow.parquet.write_table")
    }
}

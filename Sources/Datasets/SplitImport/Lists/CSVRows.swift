internal import Core

/// A row of a table, lent while it is looked at.
struct CSVRow: ~Copyable {
    /// The line that it starts on, counted from 1.
    let line: Int
    private let bytes: [UInt8]
    private let fields: [Range<Int>]
    private let first: Int
    let count: Int

    fileprivate init(line: Int, bytes: [UInt8], fields: [Range<Int>], of row: Range<Int>) {
        (self.line, self.bytes, self.fields) = (line, bytes, fields)
        (first, count) = (row.lowerBound, row.count)
    }

    /// The UTF-8 bytes of one field.
    subscript(field: Int) -> ArraySlice<UInt8> { bytes[fields[first + field]] }

    func text(_ field: Int) -> String { String(decoding: self[field], as: UTF8.self) }
}

/// A table as text: fields between commas, tabs or semicolons, in quotation marks where they hold one of these.
enum CSVRows {
    /// Hands each row of `table` to `visit`; empty lines are no rows, and spaces belong to fields.
    ///
    /// - Throws: `badData` with the line of a stray quotation mark, of one that is never closed or of bytes that are no
    ///   UTF-8; what `visit` throws.
    static func read(
        _ table: Span<UInt8>, delimiter: UInt8, path: String, _ visit: (borrowing CSVRow) throws(Fault) -> Void
    ) throws(Fault) {
        try checkText(table, path)
        let parser = CSVParser(delimiter: delimiter)
        let fields = CSVFields()
        // Line by line, so that an error knows its line.
        var (start, line, rowLine) = (byteOrderMark(table), 1, 1)
        while start < table.count {
            var end = start
            while end < table.count, table[end] != UInt8(ascii: "\n") { end += 1 }
            end = min(end + 1, table.count)
            guard parser.parse(table.extracting(start ..< end), into: fields) else {
                throw .badData(
                    path, found: "a quotation mark inside a field on line \(line + fields.rowCount)",
                    expected: "quotation marks around a whole field, and doubled inside it",
                    remedy: "correct the line, or write the table with a program that quotes")
            }
            // Old tables end their lines with a carriage return alone: then there are more rows than one here.
            let rows = fields.rowCount
            try fields.drain(from: rowLine, visit)
            if parser.isInsideRow {
                if rows > 0 { rowLine = line + rows }
                line += rows + 1
            } else {
                line += max(1, rows)
                rowLine = line
            }
            start = end
        }
        guard parser.finish(into: fields) else {
            throw .badData(
                path, found: "a quotation mark on line \(rowLine) that is never closed",
                expected: "quotation marks around a whole field", remedy: "correct the line")
        }
        try fields.drain(from: rowLine, visit)
    }

    /// Which of tab, semicolon and comma stands between fields: as the suffix says, or the first line.
    static func delimiter(of table: Span<UInt8>, path: String) -> UInt8 {
        let suffix = path.lowercased()
        if suffix.hasSuffix(".tsv") || suffix.hasSuffix(".tab") { return UInt8(ascii: "\t") }
        var seen: Set<UInt8> = []
        for place in 0 ..< min(table.count, 1 << 16) {
            if table[place] == UInt8(ascii: "\n") { break }
            seen.insert(table[place])
        }
        return [UInt8(ascii: ","), UInt8(ascii: "\t"), UInt8(ascii: ";")].first(where: seen.contains)
            ?? UInt8(ascii: ",")
    }

    private static func byteOrderMark(_ table: Span<UInt8>) -> Int {
        let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
        return table.count >= 3 && mark.indices.allSatisfy { table[$0] == mark[$0] } ? 3 : 0
    }

    private static func checkText(_ table: Span<UInt8>, _ path: String) throws(Fault) {
        let place: Int
        do {
            _ = try UTF8Span(validating: table)
            return
        } catch { place = error.byteOffsets.lowerBound }
        var line = 1
        for before in 0 ..< place where table[before] == UInt8(ascii: "\n") { line += 1 }
        throw .badData(
            path, found: "bytes that are no UTF-8 on line \(line)", expected: "text in UTF-8",
            remedy: "convert it, as with 'iconv -f latin1 -t utf-8'")
    }
}

/// Gathers fields to rows; a class, as C holds its address.
final class CSVFields {
    private var bytes: [UInt8] = []
    private var fields: [Range<Int>] = []
    private var rows: [Range<Int>] = []

    /// How many rows are whole.
    var rowCount: Int { rows.count }

    func append(_ field: UnsafeRawBufferPointer) {
        let start = bytes.count
        unsafe bytes.append(contentsOf: field)
        fields.append(start ..< bytes.count)
    }

    func endRow() { rows.append((rows.last?.upperBound ?? 0) ..< fields.count) }

    /// Hands the whole rows to `visit`; the first one started on `line`.
    fileprivate func drain(from line: Int, _ visit: (borrowing CSVRow) throws(Fault) -> Void) throws(Fault) {
        guard let last = rows.last else { return }
        for (place, row) in rows.enumerated() {
            try visit(CSVRow(line: line + place, bytes: bytes, fields: fields, of: row))
        }
        rows.removeAll(keepingCapacity: true)
        // What is left belongs to a row that goes on.
        fields.removeSubrange(..<last.upperBound)
        if fields.isEmpty { bytes.removeAll(keepingCapacity: true) }
    }
}

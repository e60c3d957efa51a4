internal import Core

/// A row of a table, valid during a visit.
struct CSVRow: ~Copyable {
    /// The line on which it starts, counted from 1.
    let line: Int
    private let bytes: [UInt8]
    private let fields: [Range<Int>]
    private let first: Int
    let count: Int

    fileprivate init(line: Int, bytes: [UInt8], fields: [Range<Int>], of row: Range<Int>) {
        self.line = line
        self.bytes = bytes
        self.fields = fields
        first = row.lowerBound
        count = row.count
    }

    /// The UTF-8 bytes of one field.
    subscript(field: Int) -> ArraySlice<UInt8> { bytes[fields[first + field]] }

    func text(_ field: Int) -> String { String(decoding: self[field], as: UTF8.self) }
}

/// The rows of a text table, with fields separated by commas, tabs or semicolons and optionally in quotation marks.
enum CSVRows {
    /// Passes each row of `table` to `visit`; empty lines are skipped, and spaces are part of fields.
    ///
    /// - Throws: `badData` with the line of a misplaced or unclosed quotation mark or of invalid UTF-8, and errors of
    ///   `visit`.
    static func read(
        _ table: Span<UInt8>, delimiter: UInt8, path: String, _ visit: (borrowing CSVRow) throws(Fault) -> Void
    ) throws(Fault) {
        try checkText(table, path)
        let parser = CSVParser(delimiter: delimiter)
        let fields = CSVFields()
        // The table is parsed line by line, for the line numbers in errors.
        var start = byteOrderMark(table)
        var line = 1
        var rowLine = 1
        while start < table.count {
            var end = start
            while end < table.count, table[end] != UInt8(ascii: "\n") { end += 1 }
            end = min(end + 1, table.count)
            guard parser.parse(table.extracting(start ..< end), into: fields) else {
                throw .badData(
                    path, found: "a quotation mark inside a field on line \(line + fields.rowCount)",
                    expected: "quotation marks around a whole field, doubled inside it",
                    remedy: "correct the line, or write the table with a CSV library")
            }
            // In tables whose lines end with a carriage return alone, there are several rows up to a line feed.
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
                path, found: "an unclosed quotation mark on line \(rowLine)",
                expected: "quotation marks around a whole field", remedy: "correct the line")
        }
        try fields.drain(from: rowLine, visit)
    }

    /// The field separator (tab, semicolon or comma) according to the file's suffix, or else the first line.
    static func delimiter(of table: Span<UInt8>, path: String) -> UInt8 {
        let suffix = path.lowercased()
        if suffix.hasSuffix(".tsv") || suffix.hasSuffix(".tab") { return UInt8(ascii: "\t") }
        var seen: Set<UInt8> = []
        for index in 0 ..< min(table.count, 1 << 16) {
            if table[index] == UInt8(ascii: "\n") { break }
            seen.insert(table[index])
        }
        return [UInt8(ascii: ","), UInt8(ascii: "\t"), UInt8(ascii: ";")].first(where: seen.contains)
            ?? UInt8(ascii: ",")
    }

    private static func byteOrderMark(_ table: Span<UInt8>) -> Int {
        let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
        return table.count >= 3 && mark.indices.allSatisfy { table[$0] == mark[$0] } ? 3 : 0
    }

    private static func checkText(_ table: Span<UInt8>, _ path: String) throws(Fault) {
        let offset: Int
        do {
            _ = try UTF8Span(validating: table)
            return
        } catch { offset = error.byteOffsets.lowerBound }
        var line = 1
        for before in 0 ..< offset where table[before] == UInt8(ascii: "\n") { line += 1 }
        throw .badData(
            path, found: "invalid UTF-8 on line \(line)", expected: "text in UTF-8",
            remedy: "convert the file, for example with 'iconv -f latin1 -t utf-8'")
    }
}

/// The rows parsed so far; a class because C keeps its address.
final class CSVFields {
    private var bytes: [UInt8] = []
    private var fields: [Range<Int>] = []
    private var rows: [Range<Int>] = []

    /// The number of complete rows.
    var rowCount: Int { rows.count }

    func append(_ field: UnsafeRawBufferPointer) {
        let start = bytes.count
        unsafe bytes.append(contentsOf: field)
        fields.append(start ..< bytes.count)
    }

    func endRow() { rows.append((rows.last?.upperBound ?? 0) ..< fields.count) }

    /// Passes the complete rows to `visit` and removes them; the first one started on `line`.
    fileprivate func drain(from line: Int, _ visit: (borrowing CSVRow) throws(Fault) -> Void) throws(Fault) {
        guard let last = rows.last else { return }
        for (index, row) in rows.enumerated() {
            try visit(CSVRow(line: line + index, bytes: bytes, fields: fields, of: row))
        }
        rows.removeAll(keepingCapacity: true)
        // The remaining fields belong to an incomplete row.
        fields.removeSubrange(..<last.upperBound)
        if fields.isEmpty { bytes.removeAll(keepingCapacity: true) }
    }
}

internal import CCSV
internal import Core

/// A row of a table, valid during a visit.
struct CSVRow: ~Copyable {
    /// The line on which it starts, counted from 1.
    let line: Int
    private let bytes: [UInt8]
    private let fields: ArraySlice<Range<Int>>

    /// A row whose fields are these ranges of `bytes`.
    init(line: Int, bytes: [UInt8], fields: ArraySlice<Range<Int>>) {
        self.line = line
        self.bytes = bytes
        self.fields = fields
    }

    var count: Int { fields.count }

    /// The UTF-8 bytes of one field.
    subscript(field: Int) -> ArraySlice<UInt8> { bytes[fields[fields.startIndex + field]] }

    func text(_ field: Int) -> String { String(decoding: self[field], as: UTF8.self) }

    /// The text of all fields.
    var texts: [String] { (0 ..< count).map { text($0) } }
}

/// The rows of a text table, with fields separated by commas, tabs or semicolons and optionally in quotation marks.
enum CSVRows {
    /// Passes each row of `table` to `visit`; empty lines are skipped, and spaces are part of fields.
    ///
    /// The first line of `table` is the line `firstLine` of the file.
    ///
    /// - Throws: `badData` with the line of a misplaced or unclosed quotation mark.
    static func read(
        _ table: Span<UInt8>, firstLine: Int, delimiter: UInt8, path: String,
        _ visit: (borrowing CSVRow) throws(Fault) -> Void
    ) throws(Fault) {
        let parser = CSVParser(delimiter: delimiter)
        let fields = CSVFields()
        // The table is parsed line by line, for the line numbers in errors.
        var start = 0
        var line = firstLine
        var rowLine = firstLine
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
}

/// The rows parsed so far; a class because C keeps its address.
private final class CSVFields {
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
            try visit(CSVRow(line: line + index, bytes: bytes, fields: fields[row]))
        }
        rows.removeAll(keepingCapacity: true)
        // The remaining fields belong to an incomplete row.
        fields.removeSubrange(..<last.upperBound)
        if fields.isEmpty { bytes.removeAll(keepingCapacity: true) }
    }
}

/// A libcsv parser in strict mode.
@safe private struct CSVParser: ~Copyable {
    private let parser: UnsafeMutablePointer<csv_parser>

    init(delimiter: UInt8) {
        unsafe parser = .allocate(capacity: 1)
        unsafe parser.initialize(to: csv_parser())
        guard unsafe csv_init(parser, UInt8(CSV_STRICT | CSV_STRICT_FINI)) == 0 else {
            preconditionFailure("csv_init refused its own options")
        }
        unsafe csv_set_delim(parser, delimiter)
        // By default libcsv removes spaces at both ends of a field, but file names may contain them.
        unsafe csv_set_space_func(parser) { _ in 0 }
    }

    deinit {
        unsafe csv_free(parser)
        unsafe parser.deallocate()
    }

    /// Whether a row is incomplete; inside quotation marks, a row may continue on the next line.
    var isInsideRow: Bool { unsafe parser.pointee.pstate != 0 }

    /// Parses the next piece of the table with `csv_parse`; false for a misplaced quotation mark.
    borrowing func parse(_ text: Span<UInt8>, into fields: CSVFields) -> Bool {
        unsafe text.withUnsafeBufferPointer { buffer in
            unsafe csv_parse(
                parser, buffer.baseAddress, buffer.count, Self.addField, Self.endRow,
                Unmanaged.passUnretained(fields).toOpaque()) == buffer.count
        }
    }

    /// Ends the table with `csv_fini`; false if a quotation mark is not closed.
    borrowing func finish(into fields: CSVFields) -> Bool {
        unsafe csv_fini(parser, Self.addField, Self.endRow, Unmanaged.passUnretained(fields).toOpaque()) == 0
    }

    private static let addField: @convention(c) (UnsafeMutableRawPointer?, Int, UnsafeMutableRawPointer?) -> Void = {
        field, count, fields in
        guard let fields = unsafe fields else { return }
        unsafe Unmanaged<CSVFields>.fromOpaque(fields).takeUnretainedValue().append(
            UnsafeRawBufferPointer(start: field, count: field == nil ? 0 : count))
    }

    private static let endRow: @convention(c) (Int32, UnsafeMutableRawPointer?) -> Void = { _, fields in
        guard let fields = unsafe fields else { return }
        unsafe Unmanaged<CSVFields>.fromOpaque(fields).takeUnretainedValue().endRow()
    }
}

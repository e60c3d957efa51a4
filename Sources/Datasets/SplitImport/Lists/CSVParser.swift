internal import CCSV

/// A libcsv parser in strict mode.
@safe struct CSVParser: ~Copyable {
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

    /// Parses the next piece of the table.
    ///
    /// The corresponding C function is `csv_parse`.
    ///
    /// - Returns: false for a misplaced quotation mark.
    borrowing func parse(_ text: Span<UInt8>, into fields: CSVFields) -> Bool {
        unsafe text.withUnsafeBufferPointer { buffer in
            unsafe csv_parse(
                parser, buffer.baseAddress, buffer.count, Self.addField, Self.endRow,
                Unmanaged.passUnretained(fields).toOpaque()) == buffer.count
        }
    }

    /// Ends the table.
    ///
    /// The corresponding C function is `csv_fini`.
    ///
    /// - Returns: false if a quotation mark is not closed.
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

internal import CCSV

/// One of libcsv's parsers, in its strict mode; the only place that calls it.
@safe struct CSVParser: ~Copyable {
    private let parser: UnsafeMutablePointer<csv_parser>

    init(delimiter: UInt8) {
        unsafe parser = .allocate(capacity: 1)
        unsafe parser.initialize(to: csv_parser())
        guard unsafe csv_init(parser, UInt8(CSV_STRICT | CSV_STRICT_FINI)) == 0 else {
            preconditionFailure("libcsv refuses its own options")
        }
        unsafe csv_set_delim(parser, delimiter)
        // Left alone, it takes spaces off both ends of a field; they belong to file names.
        unsafe csv_set_space_func(parser) { _ in 0 }
    }

    deinit {
        unsafe csv_free(parser)
        unsafe parser.deallocate()
    }

    /// Whether a row has begun and not ended; it may go on after a line's end, inside of quotation marks.
    var isInsideRow: Bool { unsafe parser.pointee.pstate != 0 }

    /// Takes the next piece of the table.
    ///
    /// The corresponding C function is `csv_parse`.
    ///
    /// - Returns: false for a quotation mark where none may be.
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
    /// - Returns: false inside of quotation marks.
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

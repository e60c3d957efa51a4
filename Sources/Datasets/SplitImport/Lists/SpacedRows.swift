internal import Core

/// The rows of a list with spaces between path and label, as Caffe and many published lists have.
enum SpacedRows {
    /// Passes each line of `text` to `visit` as a row of two fields; blank lines and a header are skipped.
    ///
    /// - Throws: `badData` with the line that has another form.
    static func read(
        _ text: Span<UInt8>, path: String, _ visit: (borrowing CSVRow) throws(Fault) -> Void
    ) throws(Fault) {
        var start = 0
        var line = 0
        while start < text.count {
            var end = start
            while end < text.count, text[end] != 10, text[end] != 13 { end += 1 }
            // A carriage return and the line feed after it are one line end.
            let isPair = end + 1 < text.count && text[end] == 13 && text[end + 1] == 10
            defer { start = end + (isPair ? 2 : 1) }
            line += 1
            let content = String(decoding: (start ..< end).map { text[$0] }, as: UTF8.self).trimmed
            if content.isEmpty || line == 1 && SpacedRow.isHeader(content) { continue }
            guard let row = SpacedRow(Substring(content)), !row.hasFurtherColumns else {
                throw .badData(
                    path, found: "'\(content.prefix(80))' on line \(line), with spaces between the columns",
                    expected: "an image path, a space and one label, as on the first lines",
                    remedy: "correct the line, or separate columns by commas, semicolons or tabs")
            }
            let bytes = Array(row.path.utf8) + Array(row.label.utf8)
            try visit(
                CSVRow(
                    line: line, bytes: bytes,
                    fields: [0 ..< row.path.utf8.count, row.path.utf8.count ..< bytes.count][...]))
        }
    }
}

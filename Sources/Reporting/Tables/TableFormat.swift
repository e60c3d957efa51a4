internal import Studies

/// The output format of tables.
public enum TableFormat: String, Sendable, CaseIterable {
    case markdown, latex, csv, json, text
}

extension ResultSet {
    /// Formats the results: as tables, or as one record per run in CSV and JSON.
    public func written(as format: TableFormat, _ options: TableOptions = .init()) -> String {
        switch format {
        case .text: tables(options).map { $0.text(options.decimals) }.joined(separator: "\n")
        case .markdown:
            "<!-- \(ReportFile.mark) -->\n\n"
                + tables(options).map { $0.markdown(options.decimals) }.joined(separator: "\n")
        case .latex: tables(options).map { $0.latex(options.decimals) }.joined(separator: "\n")
        case .csv: tidyCSV(options)
        case .json: tidyJSON(options)
        }
    }
}

extension ReportTable {
    /// Formats the table for a terminal with aligned columns; the best numbers have a star.
    func text(_ decimals: Int) -> String {
        let margin = bestNote == nil ? "" : " "
        let rows =
            [labelHeads + heads.map { $0 + margin }]
            + rows.map { row in row.labels.map(Self.plain) + row.cells.map { starred($0, row, decimals) } }
        let notes = (bestNote.map { ["* is \($0)."] } ?? []) + notes
        return "\(Self.plain(caption))\n\n\(alignedText(rows, labelCount: labelHeads.count))"
            + (notes.isEmpty ? "" : "\n" + notes.map { $0 + "\n" }.joined())
    }

    private func starred(_ cell: Cell?, _ row: Row, _ decimals: Int) -> String {
        Self.text(cell, row.kind, decimals) + (bestNote == nil ? "" : cell?.isBest == true ? "*" : " ")
    }

    /// Replaces control characters.
    private static func plain(_ text: String) -> String {
        String(String.UnicodeScalarView(text.unicodeScalars.map { $0.isControl ? " " : $0 }))
    }

    /// Formats the table in GitHub's Markdown; the best numbers are bold.
    func markdown(_ decimals: Int) -> String {
        func line(_ cells: [String]) -> String { "| \(cells.joined(separator: " | ")) |\n" }
        let rule = labelHeads.map { _ in "---" } + heads.map { _ in "---:" }
        let body = rows.map { row in
            line(
                row.labels.map { Self.escapedMarkdown($0.trimmingStart) }
                    + row.cells.map { cell in
                        let text = Self.text(cell, row.kind, decimals)
                        return cell?.isBest == true ? "**\(text)**" : text
                    })
        }
        let notes = notes.map { "\n\(Self.escapedMarkdown($0))\n" }.joined()
        return "\(Self.escapedMarkdown(caption))\n\n" + line((labelHeads + heads).map(Self.escapedMarkdown))
            + line(rule)
            + body.joined() + notes
    }

    /// Escapes a name for Markdown.
    static func escapedMarkdown(_ text: String) -> String {
        text.map { letter in
            switch letter {
            case "\\", "`", "*", "_", "[", "]", "|", "~", "#": "\\\(letter)"
            case "<": "&lt;"
            case ">": "&gt;"
            case "&": "&amp;"
            case _ where letter.unicodeScalars.contains(where: \.isControl): " "
            default: "\(letter)"
            }
        }.joined()
    }
}

extension Unicode.Scalar {
    /// Whether the character controls a terminal or ends a line.
    var isControl: Bool { [.control, .lineSeparator, .paragraphSeparator].contains(properties.generalCategory) }
}

extension String {
    fileprivate var trimmingStart: String { String(drop { $0 == " " }) }
}

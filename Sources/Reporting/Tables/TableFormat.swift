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
        let isMarked = bestNote != nil
        let lines =
            [labelHeads + heads.map { isMarked ? $0 + " " : $0 }]
            + rows.map { row in
                row.labels.map { escaped($0, [:]) }
                    + row.cells.map { cell in
                        let mark = isMarked ? cell?.isBest == true ? "*" : " " : ""
                        return Self.text(cell, row.kind, decimals) + mark
                    }
            }
        let notes = (bestNote.map { ["* is \($0)."] } ?? []) + notes
        return "\(escaped(caption, [:]))\n\n\(aligned(lines))"
            + (notes.isEmpty ? "" : "\n" + notes.map { $0 + "\n" }.joined())
    }

    /// Lays `lines` out in columns, the labels left-aligned and the numbers right-aligned.
    private func aligned(_ lines: [[String]]) -> String {
        let widths = lines[0].indices.map { column in lines.map { $0[column].count }.max() ?? 0 }
        return lines.map { line in
            let cells = line.enumerated().map { column, cell in
                let space = String(repeating: " ", count: widths[column] - cell.count)
                return column < labelHeads.count ? cell + space : space + cell
            }
            return String(cells.joined(separator: "   ").reversed().drop { $0 == " " }.reversed()) + "\n"
        }.joined()
    }

    /// Formats the table in GitHub's Markdown; the best numbers are bold.
    func markdown(_ decimals: Int) -> String {
        func line(_ cells: [String]) -> String { "| \(cells.joined(separator: " | ")) |\n" }
        func plain(_ text: String) -> String { escaped(text, Self.markdownEscapes) }
        let body = rows.map { row in
            line(
                row.labels.map { plain(String($0.drop { $0 == " " })) }
                    + row.cells.map { cell in
                        let text = Self.text(cell, row.kind, decimals)
                        return cell?.isBest == true ? "**\(text)**" : text
                    })
        }
        let rule = line(labelHeads.map { _ in "---" } + heads.map { _ in "---:" })
        return "\(plain(caption))\n\n" + line((labelHeads + heads).map(plain)) + rule + body.joined()
            + notes.map { "\n\(plain($0))\n" }.joined()
    }

    private static let markdownEscapes: [Unicode.Scalar: String] = [
        "\\": "\\\\", "`": "\\`", "*": "\\*", "_": "\\_", "[": "\\[", "]": "\\]", "|": "\\|", "~": "\\~", "#": "\\#",
        "<": "&lt;", ">": "&gt;", "&": "&amp;",
    ]
}

/// Replaces characters by their escapes, and characters that control a terminal or end a line by spaces.
func escaped(_ text: some StringProtocol, _ escapes: [Unicode.Scalar: String]) -> String {
    text.unicodeScalars.reduce(into: "") { result, scalar in
        let isControl = [.control, .lineSeparator, .paragraphSeparator].contains(scalar.properties.generalCategory)
        result += escapes[scalar] ?? (isControl ? " " : String(scalar))
    }
}

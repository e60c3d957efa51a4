extension ReportTable {
    /// Formats the table as a `table` environment with booktabs rules; the best numbers are bold.
    func latex(_ decimals: Int) -> String {
        func line(_ cells: [String]) -> String { "    \(cells.joined(separator: " & ")) \\\\\n" }
        let columns = String(repeating: "l", count: labelHeads.count) + String(repeating: "r", count: heads.count)
        var body = ""
        var last = rows.first?.labels[0]
        for row in rows {
            // A rule separates methods with several rows.
            if labelHeads.count > 1, row.kind == .result {
                if row.labels[0] != last { body += "    \\midrule\n" }
                last = row.labels[0]
            }
            body += line(row.labels.map(Self.latexLabel) + row.cells.map { Self.latexCell($0, row.kind, decimals) })
        }
        let caption = ([caption + "."] + notes).map(Self.escapedLatex).joined(separator: " ")
        return """
            % \(ReportFile.mark); needs \\usepackage{booktabs}
            \\begin{table}
              \\centering
              \\caption{\(caption)}
              \\begin{tabular}{\(columns)}
                \\toprule
            \(line((labelHeads + heads).map(Self.escapedLatex)))    \\midrule
            \(body)    \\bottomrule
              \\end{tabular}
            \\end{table}

            """
    }

    private static func latexLabel(_ label: String) -> String {
        let bare = escapedLatex(String(label.drop { $0 == " " }))
        return label.hasPrefix(" ") ? "\\quad \(bare)" : bare
    }

    private static func latexCell(_ cell: Cell?, _ kind: Row.Kind, _ decimals: Int) -> String {
        guard let cell else { return "--" }
        let text = text(cell, kind, decimals)
        let number = kind == .difference ? "$\(text)$" : text.replacing(" ± ", with: " $\\pm$ ")
        return cell.isBest ? "\\textbf{\(number)}" : number
    }

    private static func escapedLatex(_ text: String) -> String { escaped(text, latexEscapes) }

    private static let latexEscapes: [Unicode.Scalar: String] = [
        "\\": "\\textbackslash{}", "~": "\\textasciitilde{}", "^": "\\textasciicircum{}", "<": "\\textless{}",
        ">": "\\textgreater{}", "|": "\\textbar{}", "\"": "\\textquotedbl{}", "±": "$\\pm$", "&": "\\&", "%": "\\%",
        "$": "\\$", "#": "\\#", "_": "\\_", "{": "\\{", "}": "\\}",
    ]
}

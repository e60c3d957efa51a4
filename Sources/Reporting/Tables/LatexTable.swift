extension ReportTable {
    /// Formats the table as a `table` environment with booktabs rules; the best numbers are bold.
    func latex(_ decimals: Int) -> String {
        func line(_ cells: [String]) -> String { "    \(cells.joined(separator: " & ")) \\\\\n" }
        let columns = String(repeating: "l", count: labelHeads.count) + String(repeating: "r", count: heads.count)
        var body = ""
        for (index, row) in rows.enumerated() {
            // A rule separates methods with several rows.
            if index > 0, labelHeads.count > 1, row.kind == .result, rows[index - 1].labels[0] != row.labels[0],
                rows[..<index].last(where: { $0.kind == .result })?.labels[0] != row.labels[0]
            {
                body += "    \\midrule\n"
            }
            body += line(
                row.labels.map(Self.latexLabel) + row.cells.map { Self.latexCell($0, row.kind, decimals) })
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

    /// Escapes a name for LaTeX.
    static func escapedLatex(_ text: String) -> String {
        text.map { letter in
            switch letter {
            case "\\": "\\textbackslash{}"
            case "~": "\\textasciitilde{}"
            case "^": "\\textasciicircum{}"
            case "<": "\\textless{}"
            case ">": "\\textgreater{}"
            case "|": "\\textbar{}"
            case "\"": "\\textquotedbl{}"
            case "&", "%", "$", "#", "_", "{", "}": "\\\(letter)"
            case "±": "$\\pm$"
            case _ where letter.unicodeScalars.contains(where: \.isControl): " "
            default: "\(letter)"
            }
        }.joined()
    }
}

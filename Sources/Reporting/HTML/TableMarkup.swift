internal import Studies

/// A table in a box that scrolls if it is wider than the page.
struct TableMarkup {
    let caption: HTML
    /// The names of the columns, and whether their cells are text.
    let heads: [(name: HTML, isText: Bool)]
    /// The complete rows, including `tr` elements.
    let rows: [HTML]
    var kind = "sorts"

    /// Returns the table; `id` identifies its caption, which labels the box for screen readers.
    func html(id: String) -> HTML {
        let heads: [HTML] = heads.map {
            "<th scope=\"col\"\($0.isText ? " class=\"text\"" : "" as HTML)>\($0.name)</th>"
        }
        return """
            <div class="scroll" role="region" tabindex="0" aria-labelledby="\(id)">
            <table class="\(kind)"><caption><span class="said" id="\(id)">\(caption)</span></caption>
            <thead><tr>\(heads)</tr></thead>
            <tbody>
            \(rows)</tbody></table></div>

            """
    }
}

extension ReportTable {
    /// Returns the table as markup; the best numbers are bold and have a star.
    func html(id: String, _ decimals: Int) -> HTML {
        let rows: [HTML] = rows.map { row in
            let labels: [HTML] = row.labels.enumerated().map { index, label in
                index == 0 ? "<th scope=\"row\">\(label)</th>" : "<td class=\"text\">\(label)</td>"
            }
            let cells: [HTML] = row.cells.map { Self.html($0, row.kind, decimals) }
            let attribute: HTML = row.kind == .result ? "" : " class=\"\(row.kind.rawValue)\""
            return "<tr\(attribute)>\(labels)\(cells)</tr>\n"
        }
        let best = bestNote.map { ["★ is \($0)."] } ?? []
        let notes = ([caption + "."] + best + notes).joined(separator: " ")
        // Sorting would separate published numbers from their results.
        let isSortable = self.rows.allSatisfy { $0.kind == .result || $0.kind == self.rows[0].kind }
        return TableMarkup(
            caption: "\(notes)",
            heads: labelHeads.map { ("\($0)", true) } + heads.map { ("\($0)", false) }, rows: rows,
            kind: isSortable ? "sorts" : "plain"
        ).html(id: id)
    }

    private static func html(_ cell: Cell?, _ kind: Row.Kind, _ decimals: Int) -> HTML {
        let text = text(cell, kind, decimals)
        guard let cell else { return "<td data-v=\"-\">\(text)</td>" }
        let value = decimal(cell.value.mean, 4)
        guard cell.isBest else { return "<td data-v=\"\(value)\">\(text)</td>" }
        return """
            <td class="best" data-v="\(value)"><span class="star" aria-hidden="true">★</span><b>\(text)</b>\
            <span class="vh"> best</span></td>
            """
    }
}

internal import Studies

extension ResultGroup {
    /// Returns the curves and tables of the group; `numbers` determine the style of each method.
    func accuracySection(id: String, numbers: [String: Int], _ options: PageOptions) -> HTML {
        var html: HTML = ""
        if datasets.count > 1 {
            html += "<h3 id=\"\(id)-average\">Average of \(datasets.count) data sets</h3>\n"
            html += curves(nil, id: "\(id)-average", numbers, options)
            html += table(options.table).html(id: "\(id)-all-table", options.table.decimals)
        }
        for (index, dataset) in datasets.enumerated() {
            html += "<h3 id=\"\(id)-d\(index)\">\(dataset)</h3>\n"
            html += curves(dataset, id: "\(id)-d\(index)", numbers, options)
        }
        return html
    }

    /// Returns the chart of accuracy against shots, the table of its numbers, and the gain over zero-shot.
    private func curves(_ dataset: String?, id: String, _ numbers: [String: Int], _ options: PageOptions) -> HTML {
        let table = shotsTable(dataset, options.table)
        let decimals = options.table.decimals
        return """
            \(shots.isEmpty ? "" : figure(dataset, table, id: id, numbers))
            \(table.html(id: "\(id)-table", decimals))
            \(gains(dataset).map { $0.html(id: "\(id)-gain", decimals) } ?? "")
            """
    }

    private func figure(_ dataset: String?, _ table: ReportTable, id: String, _ numbers: [String: Int]) -> HTML {
        let series = methods.compactMap { method -> AccuracyChart.Series? in
            let values = shots.compactMap { shots in result(method, dataset, shots).map { (shots, $0) } }
            guard let first = values.first else { return nil }
            let title = MethodOrder.title(of: method)
            return AccuracyChart.Series(
                name: title, number: numbers[method] ?? 0, points: isLevel(method) ? [] : values,
                level: isLevel(method) ? first.1 : nil)
        }
        let chart = AccuracyChart(
            series: series, shots: shots,
            label: "Accuracy against shots, \(counted(series.count, "method")). The table below has the same numbers.")
        let leaders = leaders(on: dataset)
        let keys: [HTML] = series.map { series in
            let style = SeriesStyle(series.number)
            let swatch = series.level == nil ? style.swatch : style.levelSwatch(isBaseline: series.isBaseline)
            let isShown = leaders.contains(series.name)
            return """
                <label class="l\(series.number)"><input type="checkbox" \(isShown ? "checked " : "" as HTML)\
                autocomplete="off" class="t\(series.number)" value="\(series.number)">\(swatch)\(series.name)</label>

                """
        }
        let hasBars = table.notes.contains { $0.hasPrefix("±") }
        return """
            <figure class="curves" aria-labelledby="\(id)-figure">
            \(chart.svg)
            <fieldset class="legend"><legend>Methods shown</legend>
            \(keys)</fieldset>
            <figcaption id="\(id)-figure">\(table.caption).\
            \(hasBars ? " Bars are ± one sample standard deviation (n - 1) over seeds." : "")\
            \(series.allSatisfy { leaders.contains($0.name) } ? "" : " \(firstView)")</figcaption>
            </figure>
            """
    }

    /// A sentence on the methods that are shown first.
    private var firstView: String {
        let measure = runs.contains { $0.line.val_accuracy != nil } ? "validation" : "test"
        return
            "First shown are zero-shot and the five methods that are best on \(measure) at the most shots; the boxes "
            + "show the others."
    }

    /// Returns a table of each method's gain over zero-shot; nil without a zero-shot result.
    private func gains(_ dataset: String?) -> ReportTable? {
        let base = "zero-shot"
        let others = methods.filter { $0 != base }
        guard methods.contains(base), !others.isEmpty, !shots.isEmpty else { return nil }
        let rows = others.map { method in
            ReportTable.Row(
                [MethodOrder.title(of: method)],
                shots.map { Summary.difference(result(method, dataset, $0), result(base, dataset, $0)) },
                kind: .difference)
        }
        return ReportTable(
            caption: "\(dataset ?? averageName), gain over zero-shot in points: \(caption)", labelHeads: ["method"],
            heads: shots.map(\.head), rows: rows)
    }
}

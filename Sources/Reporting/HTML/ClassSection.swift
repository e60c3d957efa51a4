internal import Core
internal import Studies

extension ResultGroup {
    /// Returns the classes of the runs called `names`, or per data set of the best run on validation with the most
    /// shots.
    func classSection(_ known: [RecordedRun], named names: [String], id: String) throws(Fault) -> HTML {
        let chosen = datasets.flatMap { dataset in
            let runs = known.filter { $0.line.dataset == dataset }
            guard names.isEmpty else { return runs.filter { names.contains($0.line.run) } }
            let most = runs.map(\.line.shots.order).max()
            let rivals = runs.filter { $0.line.shots.order == most }
            let best = rivals.compactMap(\.line.val_accuracy).max()
            return Array(rivals.filter { $0.line.val_accuracy == best }.prefix(1))
        }
        let sections = try chosen.map { known throws(Fault) in
            try known.classScores().map { ClassSection(line: known.line, scores: $0) }
        }.compactMap { $0 }
        guard !sections.isEmpty else { return "" }
        return """
            <h3 id="\(id)-classes">Class by class</h3>
            <p>\(names.isEmpty ? "Of each data set the run that is best on validation with the most shots." : "")</p>
            \(sections.enumerated().map { $1.html(id: "\(id)-c\($0)") })
            """
    }
}

/// The accuracy of a run per class, worst first, and the confusion matrix of the worst classes.
private struct ClassSection {
    let line: ResultLine
    let scores: ClassScores

    /// The maximum number of classes in the table of accuracies.
    private static let mostBars = 40
    /// The maximum number of classes in the confusion matrix.
    private static let mostConfused = 10

    /// The classes with items, sorted by accuracy and then by the number of errors.
    private var worst: [Int] {
        func key(_ label: Int) -> (Double, Int, Int) {
            let right = scores.right[label]
            return (Double(right) / Double(scores.count[label]), right - scores.count[label], label)
        }
        return scores.classes.indices.filter { scores.count[$0] > 0 }.sorted { key($0) < key($1) }
    }

    private var title: String {
        let model = line.model ?? "model not recorded"
        let method = MethodOrder.title(of: line.method)
        return "\(method), \(line.shots.head), seed \(line.seed), on \(line.dataset), \(model), "
            + line.protocolCaption
    }

    func html(id: String) -> HTML {
        "<h4 id=\"\(id)-heading\">Classes of \(line.dataset)</h4>\n\(bars(id: id))\(confusion(id: id))"
    }

    private func bars(id: String) -> HTML {
        let worst = worst
        let shown = worst.prefix(Self.mostBars)
        let rows: [HTML] = shown.map { label in
            let share = 100 * Double(scores.right[label]) / Double(scores.count[label])
            return """
                <tr><th scope="row">\(scores.classes[label])</th>\
                <td data-v="\(decimal(share, 4))">\(decimal(share, 1))</td>\
                <td class="text" data-v="\(decimal(share, 4))">\
                <svg class="bar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">\
                <rect class="rest" width="100" height="8"/><rect class="full" width="\(coordinate(share))" height="8"/>\
                </svg></td><td>\(scores.right[label])</td><td>\(scores.count[label])</td></tr>

                """
        }
        let rest = worst.count - shown.count
        let left =
            rest > 0
            ? " The \(counted(rest, "class").replacing("classs", with: "classes")) after these are left out." : ""
        return TableMarkup(
            caption: "Test accuracy of each class in percent, the worst first: \(title).\(left)",
            heads: [
                ("class", true), ("accuracy", false), ("<span class=\"vh\">accuracy as a bar</span>", true),
                ("right", false), ("items", false),
            ], rows: rows
        ).html(id: "\(id)-classes")
    }

    private func confusion(id: String) -> HTML {
        let worst = Array(worst.filter { scores.right[$0] < scores.count[$0] }.prefix(Self.mostConfused))
        guard !worst.isEmpty else { return "" }
        var predicted: [Int: [Int: Int]] = [:]
        for entry in scores.confusions { predicted[entry[0], default: [:]][entry[1]] = entry[2] }
        let heads: [(name: HTML, isText: Bool)] = worst.enumerated().map { index, label in
            ("<span aria-hidden=\"true\">\(index + 1)</span><span class=\"vh\">\(scores.classes[label])</span>", false)
        }
        let rows: [HTML] = worst.enumerated().map { index, label in
            let row = predicted[label] ?? [:]
            let cells: [HTML] = worst.map { other in
                let count = other == label ? scores.right[label] : row[other] ?? 0
                let kind = other == label ? "hit" : count > 0 ? "miss" : "zero"
                return "<td class=\"\(kind)\">\(count)</td>"
            }
            let others = row.filter { !worst.contains($0.key) }.values.reduce(0, +)
            return """
                <tr><th scope="row">\(index + 1) \(scores.classes[label])</th>\(cells)\
                <td class="\(others > 0 ? "miss" : "zero")">\(others)</td></tr>

                """
        }
        return TableMarkup(
            caption: """
                What the \(worst.count) worst classes are taken for, in items: rows are true classes, columns \
                predicted ones by the numbers of the rows. \(title).
                """,
            heads: [("true class", true)] + heads + [("another", false)], rows: rows, kind: "confusion"
        ).html(id: "\(id)-confusion")
    }
}

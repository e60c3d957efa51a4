internal import Core
internal import Studies

/// The accuracy of a run per class, worst first, its most frequent confusions, and the matrix of the worst classes.
extension ShownRun {
    /// The maximum number of classes in the table of accuracies.
    private static let mostBars = 40
    /// The maximum number of classes in the confusion matrix.
    private static let mostConfused = 10

    /// The maximum number of confused pairs.
    private static let mostPairs = 15

    /// Returns the tables of a run, whose ids start with `id`.
    func classTables(id: String) -> HTML {
        "<h4 id=\"\(id)-heading\">Classes of \(line.dataset)</h4>\n\(bars(id: id))\(pairs(id: id))\(confusion(id: id))"
    }

    private func bars(id: String) -> HTML {
        let worst = worst
        let shown = worst.prefix(Self.mostBars)
        let rows: [HTML] = shown.map { label in
            let share = 100 * Double(scores.right[label]) / Double(scores.count[label])
            return """
                <tr><th scope="row">\(link(label, id: id, worst))</th>\
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

    /// Returns the name of a class, with a link to its section if there is one.
    private func link(_ label: Int, id: String, _ worst: [Int]) -> HTML {
        let name = scores.classes[label]
        guard let target = detailsID(of: label, id: id, worst: worst) else { return "\(name)" }
        return "<a href=\"#\(target)\">\(name)</a>"
    }

    private func pairs(id: String) -> HTML {
        let shown = scores.confusions.prefix(Self.mostPairs)
        guard !shown.isEmpty else { return "" }
        let rows: [HTML] = shown.map { entry in
            let share = 100 * Double(entry[2]) / Double(max(1, scores.count[entry[0]]))
            return """
                <tr><th scope="row">\(scores.classes[entry[0]])</th>\
                <td class="text">\(scores.classes[entry[1]])</td><td>\(entry[2])</td>\
                <td data-v="\(decimal(share, 4))">\(decimal(share, 1))</td></tr>

                """
        }
        let rest = scores.confusions.count - shown.count
        let left = rest > 0 ? " \(counted(rest, "rarer pair")) are left out." : ""
        return TableMarkup(
            caption: "The most frequent confusions, in test items: \(title).\(left)",
            heads: [("true class", true), ("taken for", true), ("items", false), ("% of class", false)], rows: rows
        ).html(id: "\(id)-pairs")
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
            heads: [("true class", true)] + heads + [("others", false)], rows: rows, kind: "confusion"
        ).html(id: "\(id)-confusion")
    }
}

internal import Adapter
internal import Core
internal import Studies

extension ShownRun {
    /// The maximum numbers of classes, of train items, and of mistakes per class.
    private static let mostClasses = 20, mostExamples = 4, mostMistakes = 6

    /// Returns a section per class, the worst first, with confusions, train items, and mistakes.
    func classDetails(id: String, _ gallery: inout Gallery) -> HTML {
        let worst = worst
        let mistakes = Dictionary(grouping: mistakes) { record($0)?.prediction.label ?? "" }
        let examples = Dictionary(grouping: numbers(in: .train)) { record($0)?.prediction.label ?? "" }
        var sections: [HTML] = []
        for label in worst.prefix(Self.mostClasses) {
            let name = scores.classes[label]
            var body: HTML = "<p>\(confusions(of: label))</p>\n"
            body += list(
                "Some train items", (examples[name] ?? []).prefix(gallery.limit(Self.mostExamples)), &gallery)
            body += list("Mistakes", (mistakes[name] ?? []).prefix(gallery.limit(Self.mostMistakes)), &gallery)
            let share = 100 * Double(scores.right[label]) / Double(scores.count[label])
            sections.append(
                """
                <details class="class"><summary><b>\(name)</b> \(percentage(share)) of \
                \(counted(scores.count[label], "item"))</summary><div id="\(id)-k\(label)">
                \(body)</div></details>

                """)
        }
        let rest = worst.count - sections.count
        let left = rest > 0 ? " \(rest) better ones are left out." : ""
        return """
            <h4 id="\(id)-each">Each class of \(line.dataset)</h4>
            <p>The worst classes first; open one for its confusions and items.\(left)</p>
            \(sections)
            """
    }

    /// Returns the id of the section of a class; nil if there is none.
    func detailsID(of label: Int, id: String, worst: [Int]) -> String? {
        worst.prefix(Self.mostClasses).contains(label) ? "\(id)-k\(label)" : nil
    }

    /// Returns a sentence on the classes that the items of a class are taken for.
    private func confusions(of label: Int) -> String {
        let own = scores.confusions.filter { $0[0] == label }
        guard !own.isEmpty else { return "All test items are right." }
        let most = 5
        let names = own.prefix(most).map { "\(scores.classes[$0[1]]) (\($0[2]))" }
        let rest = own.count > most ? " and \(own.count - most) more" : ""
        return "Taken for \(names.joined(separator: ", "))\(rest)."
    }

    private func list(_ head: String, _ numbers: ArraySlice<Int>, _ gallery: inout Gallery) -> HTML {
        guard let items, !numbers.isEmpty else { return "" }
        let entries = numbers.compactMap { number -> ItemList.Entry? in
            guard let prediction = record(number)?.prediction else { return nil }
            let isWrong = prediction.right == false
            let name = ItemList.Fact(head: "item", text: prediction.item, isName: true)
            let other = ItemList.Fact(head: "predicted", text: prediction.classes.first?.name ?? "-")
            return .init(numbers: [number], facts: isWrong ? [name, other] : [name], share: nil)
        }
        let images = gallery.images(of: Array(numbers), among: items)
        guard images.contains(where: { $0 != "" }) else {
            let lines: [HTML] = entries.map { entry in
                "<li>\(entry.facts.map(\.text).joined(separator: ", predicted "))</li>\n"
            }
            return "<p>\(head):</p>\n<ul>\n\(lines)</ul>\n"
        }
        return ItemList(caption: "\(head):", entries: entries).cards(images)
    }
}

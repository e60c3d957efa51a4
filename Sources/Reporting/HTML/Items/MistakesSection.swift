internal import Adapter
internal import Core
internal import Studies

extension ShownRun {
    /// The maximum number of mistakes.
    private static let mostMistakes = 60

    /// Returns the mistakes on test, the most confident first.
    func mistakesSection(id: String, _ gallery: inout Gallery) -> HTML {
        guard let items else { return "<h4 id=\"\(id)-mistakes\">Mistakes on \(line.dataset)</h4>\n<p>\(reason)</p>\n" }
        let all = mistakes
        let shown = all.prefix(gallery.limit(Self.mostMistakes))
        let rest = all.count - shown.count
        let left =
            rest > 0 ? " The other \(counted(rest, "mistake")) are in 'fewshot-train predict --wrong'." : ""
        let list = ItemList(
            caption: "The test items that are predicted wrongly, the most confident first: \(title).\(left)",
            entries: shown.compactMap(mistake))
        return """
            <h4 id="\(id)-mistakes">Mistakes on \(line.dataset)</h4>
            <p>\(counted(all.count, "mistake")) on \(counted(numbers(in: .test).count, "test item")).</p>
            \(all.isEmpty ? "" : gallery.html(list, of: items, id: "\(id)-mistakes-list"))
            """
    }

    /// Returns the entry of a wrongly predicted item.
    func mistake(_ number: Int) -> ItemList.Entry? {
        guard let prediction = record(number)?.prediction else { return nil }
        return ItemList.Entry(
            numbers: [number],
            facts: [
                .init(head: "item", text: prediction.item, isName: true),
                .init(head: "labeled", text: prediction.label ?? "-"),
                .init(head: "predicted", text: prediction.classes.first?.name ?? "-"),
                .init(head: "confidence", text: percentage(prediction.confidence)),
            ], share: Double(prediction.confidence))
    }
}

internal import Adapter
internal import Core
internal import Studies

extension ShownRun {
    /// The maximum number of classes with a style of their own, and of items in the chart.
    static let mostMapClasses = 40
    private static let mostPoints = 1500, mostRings = 300

    /// Returns a chart of all items on the two principal directions of their features.
    func mapSection(id: String) -> HTML {
        guard let items, items.mapShares.count == 2, items.mapShares[0] > 0 else { return "" }
        let labels = mapLabels
        let chart = MapChart(
            points: mapItems.compactMap { point($0, labels) },
            label: "The items of \(line.dataset) on the two principal directions of their features.")
        let shares = items.mapShares.map(percentage)
        return """
            <h4 id="\(id)-map">Map of \(line.dataset)</h4>
            <figure class="items" aria-labelledby="\(id)-map-caption">
            \(chart.svg)
            <fieldset class="legend"><legend>Class highlighted</legend>
            \(keys(labels, id: id))</fieldset>
            <figcaption id="\(id)-map-caption">The features of \(line.dataset) on their two principal directions, \
            which hold \(shares[0]) and \(shares[1]) of the variance. Distances on the map are only part of those \
            between features. Test items are drawn in full, those of train and val faint; a ring marks a mistake on \
            test. \(sample) \(title).</figcaption>
            </figure>

            """
    }

    /// The items of the run's classes.
    private var all: [Int] { Subset.allCases.flatMap { numbers(in: $0) }.sorted() }

    private var stride: Int { (all.count + Self.mostPoints - 1) / Self.mostPoints }

    /// The items in the chart: evenly spaced ones, and the most confident mistakes.
    private var mapItems: [Int] {
        let even = all.enumerated().filter { $0.offset % max(1, stride) == 0 }.map(\.element)
        return stride > 1 ? Set(even + mistakes.prefix(Self.mostRings)).sorted() : even
    }

    private var sample: String {
        stride > 1
            ? "Shown are every \(stride)th of \(all.count) items and the \(Self.mostRings) most confident mistakes."
            : "All \(counted(all.count, "item")) are shown."
    }

    /// The number of each class with a style of its own: all classes, or the worst.
    private var mapLabels: [String: Int] {
        let classes = scores.classes.indices
        let styled = classes.count <= Self.mostMapClasses ? Array(classes) : worst.prefix(Self.mostMapClasses).sorted()
        return Dictionary(styled.enumerated().map { (scores.classes[$1], $0) }) { first, _ in first }
    }

    private func point(_ number: Int, _ labels: [String: Int]) -> MapChart.Point? {
        guard let record = record(number) else { return nil }
        let prediction = record.prediction
        let label = prediction.label ?? "-"
        let isTest = record.subset == .test
        let isMistake = isTest && prediction.right == false
        let outcome = isMistake ? ", predicted \(prediction.classes.first?.name ?? "-")" : ""
        return MapChart.Point(
            x: Double(record.x), y: Double(record.y), number: labels[label] ?? Self.mostMapClasses, isTest: isTest,
            isMistake: isMistake, title: "\(prediction.item): \(label)\(outcome)")
    }

    private func keys(_ labels: [String: Int], id: String) -> [HTML] {
        let all: HTML = """
            <label><input type="radio" name="\(id)-map-class" autocomplete="off" checked>all</label>

            """
        let others = scores.classes.count > labels.count ? [("other classes", Self.mostMapClasses)] : []
        let named = labels.map { ($0.key, $0.value) }.sorted { $0.1 < $1.1 } + others
        return [all]
            + named.map { name, number in
                """
                <label class="j\(number)"><input type="radio" name="\(id)-map-class" autocomplete="off" \
                class="h\(number)">\(SeriesStyle(number).markSwatch)\(name)</label>

                """
            }
    }
}

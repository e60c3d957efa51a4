internal import Adapter
internal import Core
internal import Studies

/// The labels of a feature folder that are probably wrong, and its images in several subsets.
struct LabelSection {
    private let dataset: String
    private let items: RunItems
    /// The number of each item by its subset and id.
    private let numbers: [String: Int]

    /// The maximum numbers of labels and of pairs.
    private static let mostLabels = 60, mostPairs = 30
    /// The maximum number of probabilities, and of compared pairs: seconds of work.
    private static let mostProbabilities = 50_000_000, mostComparisons = 400_000_000

    init(_ items: RunItems, dataset: String) {
        self.items = items
        self.dataset = dataset
        numbers = Dictionary(
            items.records.enumerated().map { (Self.key($1.subset, $1.prediction.item), $0) }
        ) { first, _ in first }
    }

    private static func key(_ subset: Subset, _ item: String) -> String { "\(subset.rawValue) \(item)" }

    func html(id: String, _ gallery: inout Gallery) -> HTML {
        """
        <h4 id="\(id)-labels">Labels of \(dataset) that are probably wrong</h4>
        \(labels(id: id, &gallery))
        <h4 id="\(id)-duplicates">Images in several subsets of \(dataset)</h4>
        \(duplicates(id: id, &gallery))
        """
    }

    private func labels(id: String, _ gallery: inout Gallery) -> HTML {
        let classes = Set(items.records.compactMap(\.prediction.label)).count
        guard items.records.count * classes <= Self.mostProbabilities else {
            return "<p>Not judged, because there are many items. Use 'fewshot-train suspects'.</p>\n"
        }
        let suspects: SuspectLabels
        do throws(Fault) { suspects = try SuspectLabels(features: items.features) } catch {
            return "<p>Not judged: found \(error.found).</p>\n"
        }
        let issues = suspects.issues
        let shown = issues.prefix(gallery.limit(Self.mostLabels))
        let list = ItemList(
            caption: "The labels that classifiers of the other items doubt most. 'fewshot-train suspects' lists all.",
            entries: shown.map(entry))
        return """
            <p>\(issues.count) of \(counted(suspects.items.count, "label")) are probably wrong, by cross-validation on \
            train, val and test together.\(manyIssues(issues.count, of: suspects.items.count))</p>
            \(issues.isEmpty ? "" : gallery.html(list, of: items, id: "\(id)-labels-list"))
            """
    }

    /// Returns a caution if so many labels are doubted that the cause is rather the encoder.
    private func manyIssues(_ count: Int, of total: Int) -> String {
        guard 5 * count > total else { return "" }
        return " So many mean that the features do not separate the classes; most of these labels may be right."
    }

    private func entry(_ suspect: SuspectLabel) -> ItemList.Entry {
        ItemList.Entry(
            numbers: numbers[Self.key(suspect.subset, suspect.item)].map { [$0] } ?? [],
            facts: [
                .init(head: "item", text: suspect.item, isName: true),
                .init(head: "subset", text: suspect.subset.rawValue),
                .init(head: "labeled", text: "\(suspect.label) \(percentage(suspect.self_confidence))"),
                .init(head: "rather", text: "\(suspect.suggestion) \(percentage(suspect.confidence))"),
            ], share: Double(suspect.confidence))
    }

    private func duplicates(id: String, _ gallery: inout Gallery) -> HTML {
        let counts = Subset.allCases.map { subset in items.records.count { $0.subset == subset } }
        let comparisons = counts[0] * counts[1] + counts[0] * counts[2] + counts[1] * counts[2]
        guard comparisons <= Self.mostComparisons else {
            return "<p>Not compared, because there are many items. Use 'fewshot-train duplicates'.</p>\n"
        }
        guard comparisons > 0 else { return "<p>There is one subset only.</p>\n" }
        let pairs: [NearDuplicate]
        do throws(Fault) { pairs = try NearDuplicate.all(in: items.features) } catch {
            return "<p>Not compared: found \(error.found).</p>\n"
        }
        let equal = pairs.count { $0.kind != .cosine }
        let isOrdinary = 20 * (pairs.count - equal) > items.records.count
        let shown = pairs.filter { !isOrdinary || $0.kind != .cosine }.prefix(
            max(1, gallery.limit(2 * Self.mostPairs) / 2))
        let list = ItemList(
            caption: "Pairs of images in different subsets, equal ones first. 'fewshot-train duplicates' lists all.",
            entries: shown.map(entry))
        return """
            <p>\(counted(pairs.count, "pair")): \(equal) equal, \(pairs.count - equal) with a cosine of 0.98 or more\
            \(isOrdinary ? ", which is ordinary for these features, so only equal ones are shown" : ""). \
            A test image that is also in train makes test accuracy too high.</p>
            \(shown.isEmpty ? "" : gallery.html(list, of: items, id: "\(id)-duplicates-list"))
            """
    }

    private func entry(_ pair: NearDuplicate) -> ItemList.Entry {
        let places = [(pair.subset, pair.item), (pair.other_subset, pair.other)]
        let evidence =
            switch pair.kind {
            case .image: "equal files"
            case .features: "equal features"
            case .cosine: "cosine \(decimal(Double(pair.cosine), 4))"
            }
        return ItemList.Entry(
            numbers: places.compactMap { numbers[Self.key($0, $1)] },
            facts: [
                .init(head: "item", text: "\(pair.subset.rawValue): \(pair.item)", isName: true),
                .init(head: "other", text: "\(pair.other_subset.rawValue): \(pair.other)", isName: true),
                .init(head: "evidence", text: evidence),
                .init(
                    head: "labeled",
                    text: pair.label == pair.other_label ? pair.label : "\(pair.label) and \(pair.other_label)"),
            ], share: nil)
    }
}

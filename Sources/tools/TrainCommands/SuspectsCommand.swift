internal import ArgumentParser
internal import Command
internal import Core
internal import Reporting
internal import Studies

/// Ranks labels by how probably they are wrong.
struct SuspectsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "suspects", abstract: "Rank a feature folder's labels by how probably they are wrong.",
        discussion: """
            Each item is judged by linear discriminants of the other items' features (stratified cross-validation over \
            train, val and test together). The labels with the lowest probability come first. Listed are those that \
            confident learning takes for wrong (the column 'issue'), and those with a probability below 1 %. A \
            temperature chosen by cross-entropy scales the probabilities. 'fewshot-train duplicates' finds images that \
            several subsets share.
            """)

    @Argument(help: "A feature folder.", completion: .directory)
    var features: String

    @Option(help: "Only the items of one subset, judged by each other: train, val or test (default: all together).")
    var subset: Subset?

    @Option(help: "The number of folds.")
    var folds = 5

    @Option(help: "The seed of the folds.")
    var seed: UInt64 = 1

    @Flag(help: "All items in CSV and JSON, not only those listed.")
    var all = false

    @Option(
        help: "Write the out-of-sample probabilities [items, classes] as .npy, in the order train, val, test.",
        completion: .file())
    var probabilities: String?

    @OptionGroup var findings: FindingOptions
    @OptionGroup var threads: ThreadOptions

    func run() throws {
        threads.apply()
        let suspects = try SuspectLabels(features: features, subset: subset, folds: folds, seed: seed)
        if !suspects.loneClasses.isEmpty {
            let names = suspects.loneClasses
            printMessage("note: classes with a single item cannot be judged: \(names.joined(separator: ", "))")
        }
        if let probabilities { try suspects.writeProbabilities(to: probabilities) }
        let chosen = all ? suspects.items : suspects.issues
        try findings.print(chosen, rows: Self.rows(chosen), page: page(suspects))
    }

    private func page(_ suspects: SuspectLabels) -> String {
        let issues = suspects.issues
        let lines = issues.map { item in
            "\(item.subset.rawValue) \(item.item): \(item.label) \(percent(item.self_confidence)), "
                + "\(item.suggestion) \(percent(item.confidence))"
        }
        return "\(issues.count) of \(suspects.items.count) labels are probably wrong\n" + findings.list(lines)
    }

    private func percent(_ probability: Float) -> String { "\(decimal(100 * Double(probability), 2)) %" }

    private static func rows(_ items: [SuspectLabel]) -> [[String]] {
        let head = ["item", "subset", "label", "self_confidence", "suggestion", "confidence", "issue"]
        let rows = items.map { item in
            [
                item.item, item.subset.rawValue, item.label, "\(item.self_confidence)", item.suggestion,
                "\(item.confidence)", "\(item.issue)",
            ]
        }
        return [head] + rows
    }
}

internal import Adapter
internal import ArgumentParser
internal import Command
internal import Core
internal import Reporting
internal import Studies

struct EvalCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "eval", abstract: "Evaluate a trained adapter on a subset of a feature folder.",
        discussion: """
            With --wrong, --csv or --jsonl it also prints the items: their labels and the most probable classes.
            """)

    @OptionGroup var adapter: RunArgument

    @Option(help: "The feature folder to evaluate on.", completion: .directory)
    var features: String

    @Option(help: "Only some of its classes: base, new, text, names separated by commas, or a file of names.")
    var classes: String?

    @Option(
        name: [.customLong("subset"), .customLong("part")], help: "The subset to evaluate on: test, val or train.")
    var subset = Subset.test

    @OptionGroup var items: ItemOptions
    @OptionGroup var threads: ThreadOptions

    func run() throws {
        threads.apply()
        let saved = try adapter.read()
        let filter = try classes.map { text throws(Fault) in try ClassFilter(text) } ?? .all
        let (scores, evaluation) = try saved.evaluate(on: features, classes: filter, part: subset)
        if evaluation?.task == .transfer { printMessage(transferNote(saved.adapter)) }
        let page = """
            \(saved.adapter.method) on \(features), \(subset.rawValue), \(scores.items) items
            accuracy         \(decimal(scores.accuracy, 2)) %
            top-5            \(decimal(scores.top5, 2)) %
            mean per class   \(decimal(scores.mean_per_class, 2)) %

            """
        guard items.areRequested else { return printResult(items.json ? JSONDocument.page(scores) : page) }
        if !items.hasFormat { printResult(page) }
        var output = try PredictionOutput(items, hasLabels: true)
        output.add(try saved.evaluatedItems(on: features, classes: filter, part: subset, top: items.top))
        try output.finish()
    }

    /// A note on the parts of the adapter that apply to classes that it was not trained on.
    private func transferNote(_ adapter: FittedAdapter) -> String {
        let rest =
            adapter.classifier.isTransferable
            ? "its changes to image features apply" : "no part of it applies, so these are zero-shot numbers"
        return """
            note: \(adapter.method) was not trained on these classes: their text features replace its classes, \
            and \(rest)
            """
    }
}

internal import Adapter
internal import ArgumentParser
internal import Command
internal import Core
internal import Reporting
internal import Studies

struct EvalCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "eval", abstract: "Evaluate a trained adapter on a subset of a feature folder.")

    @OptionGroup var adapter: RunArgument

    @Option(help: "The feature folder to evaluate on.", completion: .directory)
    var features: String

    @Option(help: "Only some of its classes: base, new, text, names separated by commas, or a file of names.")
    var classes: String?

    @Option(help: "The subset to evaluate on: test, val or train.")
    var part = Subset.test

    @OptionGroup var threads: ThreadOptions
    @OptionGroup var printing: OutputOptions

    func run() throws {
        threads.apply()
        let saved = try adapter.read()
        let filter = try classes.map { text throws(Fault) in try ClassFilter(text) } ?? .all
        let (scores, evaluation) = try saved.evaluate(on: features, classes: filter, part: part)
        if evaluation?.task == .transfer { printMessage(transferNote(saved.adapter)) }
        printing.print(
            scores,
            page: """
                \(saved.adapter.method) on \(features), \(part.rawValue), \(scores.items) items
                accuracy         \(decimal(scores.accuracy, 2)) %
                top-5            \(decimal(scores.top5, 2)) %
                mean per class   \(decimal(scores.mean_per_class, 2)) %

                """)
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

public import ArgumentParser
internal import Command
internal import Core
public import Splits

extension FewShotSample.Scheme: ExpressibleByArgument {}

/// The input split.
struct SplitArguments: ParsableArguments {
    @Argument(help: "The split file; also CoOp's.", completion: .file(extensions: ["json"]))
    var split: String
    @Option(
        help: ArgumentHelp("The data set of a CoOp split file whose name does not identify it.", valueName: "name"))
    var dataset: String?

    func read() throws(Fault) -> SplitFile { try SplitFile(path: split, dataset: dataset) }
}

/// The output split.
struct SplitOutputArguments: ParsableArguments {
    @Option(name: .shortAndLong, help: ArgumentHelp("The split to write.", valueName: "file"), completion: .file())
    var output: String
    @Flag(help: "Overwrite a different file.")
    var replace = false
    @OptionGroup var result: OutputOptions

    /// Publishes `split` and prints its size.
    func publish(_ split: Split, notes: [String] = [], next: String? = nil) throws(Fault) {
        let outcome = try split.publish(to: output, replaces: replace)
        notes.forEach(printMessage)
        let summary = PublishedSplit(path: output, outcome: outcome, split: split, notes: notes)
        result.print(summary, page: summary.page + (next.map { "next: \($0)\n" } ?? ""))
    }
}

/// The result of the command, as text and as JSON.
private struct PublishedSplit: Encodable {
    let path: String
    let outcome: SplitOutcome
    let dataset: String
    let root: String
    let classes: Int
    let train: Int
    let val: Int
    let test: Int
    let shots: Int?
    let seed: Int?
    let scheme: FewShotSample.Scheme?
    let notes: [String]

    init(path: String, outcome: SplitOutcome, split: Split, notes: [String]) {
        self.path = path
        self.outcome = outcome
        self.notes = notes
        dataset = split.dataset
        root = split.root
        classes = split.classes.count
        train = split.train.count
        val = split.val.count
        test = split.test.count
        shots = split.sample?.shots
        seed = split.sample?.seed
        scheme = split.sample?.scheme
    }

    var page: String {
        let subsets = "train \(train), val \(val), test \(test)"
        return "\(path): \(dataset), \(classes) classes, \(subsets)\(outcome == .reused ? ", reused" : "")\n"
    }
}

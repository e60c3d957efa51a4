public import ArgumentParser
internal import Command
internal import Core
public import Splits

extension FewShotSample.Scheme: ExpressibleByArgument {}

/// A split to start from.
struct SplitArguments: ParsableArguments {
    @Argument(help: "A split, ours or CoOp's.", completion: .file(extensions: ["json"]))
    var split: String
    @Option(help: ArgumentHelp("Whose split CoOp's file is, where its name does not say.", valueName: "name"))
    var dataset: String?

    func read() throws(Fault) -> SplitFile { try SplitFile(path: split, dataset: dataset) }
}

/// A split to write.
struct SplitOutputArguments: ParsableArguments {
    @Option(name: .shortAndLong, help: ArgumentHelp("The split to write.", valueName: "file"), completion: .file())
    var output: String
    @Flag(help: "Replace a split that is there and differs.")
    var replace = false
    @OptionGroup var result: OutputOptions

    /// Publishes `split` and prints what is in it.
    func publish(_ split: Split, notes: [String] = [], next: String? = nil) throws(Fault) {
        let outcome = try split.publish(to: output, replaces: replace)
        notes.forEach(printMessage)
        let summary = PublishedSplit(path: output, outcome: outcome, split: split, notes: notes)
        result.print(summary, page: summary.page + (next.map { "next: \($0)\n" } ?? ""))
    }
}

/// What was written, as a reader or a program wants to know it.
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
        (self.path, self.outcome, self.notes) = (path, outcome, notes)
        (dataset, root, classes) = (split.dataset, split.root, split.classes.count)
        (train, val, test) = (split.train.count, split.val.count, split.test.count)
        (shots, seed, scheme) = (split.sample?.shots, split.sample?.seed, split.sample?.scheme)
    }

    var page: String {
        let parts = "train \(train), val \(val), test \(test)"
        return "\(path): \(dataset), \(classes) classes, \(parts)\(outcome == .reused ? ", reused" : "")\n"
    }
}

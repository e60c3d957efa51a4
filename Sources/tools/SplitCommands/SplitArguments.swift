public import ArgumentParser
internal import Command
internal import Core
internal import SplitImport
public import Splits

extension FewShotSample.Scheme: ExpressibleByArgument {}

extension ArgumentHelp {
    /// The help of an option whose value is called `name`.
    static func value(_ name: String, _ text: String) -> ArgumentHelp { ArgumentHelp(text, valueName: name) }
}

/// The input split.
struct SplitArguments: ParsableArguments {
    @Argument(help: "The split file; also CoOp's.", completion: .file(extensions: ["json"]))
    var split: String
    @Option(help: .value("name", "The data set of a CoOp split file whose name does not identify it."))
    var dataset: String?

    func read() throws(Fault) -> SplitFile { try SplitFile(path: split, dataset: dataset) }
}

/// The output split.
struct SplitOutputArguments: ParsableArguments {
    @Option(name: .shortAndLong, help: .value("file", "The split to write."), completion: .file())
    var output: String
    @Flag(help: "Overwrite a different file.")
    var replace = false
    @OptionGroup var result: OutputOptions

    /// Publishes `split` and prints its size, and its changes from the input if that is meant to be corrected.
    func publish(_ split: Split, notes: [String] = [], changes: SplitChanges? = nil) throws(Fault) {
        var report = SplitReport(split, outcome: try split.publish(to: output, replaces: replace), path: output)
        report.dataset = split.dataset
        report.root = split.root
        report.shots = split.sample?.shots
        report.seed = split.sample?.seed
        report.scheme = split.sample?.scheme
        report.notes = notes
        report.changes = changes
        notes.forEach(printMessage)
        // A corrected split brings existing features up to date.
        let next =
            "fewshot-features build --split \(shellWord(output)) --root ROOT --model MODEL -o FEATURES"
            + (changes == nil ? "" : " --extend")
        report.next = next
        let lines = ["\(output): \(split.dataset), \(report.size)"] + (changes?.lines ?? []) + ["next: \(next)"]
        result.print(report, page: lines.map { "\($0)\n" }.joined())
    }
}

/// The JSON output of commands that write a split; each command sets the fields that apply.
struct SplitReport: Encodable {
    let path: String
    let outcome: SplitOutcome
    let classes: Int
    let train: Int
    let val: Int
    let test: Int
    var dataset: String?
    var root: String?
    var source: SplitSource?
    var shots: Int?
    var seed: Int?
    var scheme: FewShotSample.Scheme?
    var differences: [String]?
    var changes: SplitChanges?
    var notes: [String]?
    var next: String?

    init(_ split: Split, outcome: SplitOutcome, path: String) {
        self.path = path
        self.outcome = outcome
        classes = split.classes.count
        train = split.train.count
        val = split.val.count
        test = split.test.count
    }

    /// The numbers of classes and items, and whether the file was reused.
    var size: String {
        "\(classes) classes, train \(train), val \(val), test \(test)\(outcome == .reused ? ", reused" : "")"
    }
}

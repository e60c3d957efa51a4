public import ArgumentParser
internal import Catalog
internal import Command
internal import Core
public import SplitImport
internal import Splits

extension SplitSource: ExpressibleByArgument {}

struct BuildCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "build",
        abstract: "Make the split of a published data set.",
        discussion: """
            Uses CoOp's published split file if it is in the data set's folder. Otherwise divides the data set's own \
            annotations as CoOp's code does. Downloads nothing; errors give the download address of missing files.
            """)

    @Argument(help: "The data set's name; see 'fewshot-split list'.", completion: .list(Catalog.entries.map(\.name)))
    var name: String
    @Option(
        help: ArgumentHelp("The data root, which contains the data sets' folders.", valueName: "folder"),
        completion: .directory)
    var root: String
    @Option(help: "Seed for dividing raw annotations into subsets.")
    var seed = DatasetEntry.publishedSeed
    @Option(
        help: ArgumentHelp(
            "A text file of image paths, one per line, relative to the data set's folder; replaces the images.",
            valueName: "file"),
        completion: .file())
    var index: String?
    @Option(help: ArgumentHelp("Source of the split: auto, split or raw.", valueName: "source"))
    var from = SplitSource.auto
    @OptionGroup var target: SplitOutputArguments

    func run() throws {
        let entry = try Catalog.require(name)
        let built = try withProgress("list", unit: "files") { progress throws(Fault) in
            try entry.build(root: root, from: from, seed: seed, index: index, progress: progress)
        }
        built.notes.forEach(printMessage)
        let outcome = try built.split.publish(to: target.output, replaces: target.replace)
        let report = BuildReport(built, outcome: outcome, path: target.output, root: root)
        target.result.print(report, page: report.page)
    }
}

/// The result of the command, as text and as JSON.
private struct BuildReport: Encodable {
    let path: String
    let dataset: String
    let outcome: SplitOutcome
    let source: SplitSource
    let classes: Int
    let train: Int
    let val: Int
    let test: Int
    let differences: [String]
    let notes: [String]
    let next: String

    init(_ built: BuiltSplit, outcome: SplitOutcome, path: String, root: String) {
        dataset = built.split.dataset
        self.path = path
        self.outcome = outcome
        source = built.source
        classes = built.split.classes.count
        train = built.split.train.count
        val = built.split.val.count
        test = built.split.test.count
        differences = built.differences
        notes = built.notes
        next = "fewshot-split check \(shellWord(path)) --root \(shellWord(root))"
    }

    var page: String {
        let origin = source == .split ? "CoOp's published split" : "the data set's own annotations"
        var lines = [
            "\(path): \(classes) classes, \(train) train, \(val) val, \(test) test, from \(origin)"
                + (outcome == .reused ? ", reused" : "")
        ]
        lines += differences.map { "differs: \($0)" }
        lines.append("next: \(next)")
        return lines.map { "\($0)\n" }.joined()
    }
}

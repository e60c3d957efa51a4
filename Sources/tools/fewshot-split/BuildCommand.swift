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
        abstract: "Make the split of a published data set from its folder.",
        discussion: """
            CoOp's published split file is taken where it lies in the data set's folder. Otherwise the data set's own \
            annotations are used, cut as CoOp's code cuts them. Nothing is downloaded; what is missing is named with \
            where to get it.
            """)

    @Argument(help: "The data set, as 'fewshot-split list' names it.", completion: .list(Catalog.entries.map(\.name)))
    var name: String
    @Option(
        help: ArgumentHelp("The folder that holds the data sets' folders.", valueName: "folder"),
        completion: .directory)
    var root: String
    @Option(help: "The seed of the cut into parts, where no published split decides.")
    var seed = DatasetEntry.publishedSeed
    @Option(
        help: ArgumentHelp(
            "A text file with one path a line, relative to the data set's folder, instead of the images.",
            valueName: "file"),
        completion: .file())
    var index: String?
    @Option(help: ArgumentHelp("What to make it of: auto, split or raw.", valueName: "source"))
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

/// What was made, for a reader and for a program.
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
        (dataset, self.path, self.outcome, source) = (built.split.dataset, path, outcome, built.source)
        classes = built.split.classes.count
        (train, val, test) = (built.split.train.count, built.split.val.count, built.split.test.count)
        (differences, notes) = (built.differences, built.notes)
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

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
    @Option(help: .value("folder", "The data root, which contains the data sets' folders."), completion: .directory)
    var root: String
    @Option(help: "Seed for dividing raw annotations into subsets.")
    var seed = DatasetEntry.publishedSeed
    @Option(
        help: .value(
            "file",
            "A text file of image paths, one per line, relative to the data set's folder; replaces the images."),
        completion: .file())
    var index: String?
    @Option(help: .value("source", "Source of the split: auto, split or raw."))
    var from = SplitSource.auto
    @OptionGroup var target: SplitOutputArguments

    func run() throws {
        let entry = try Catalog.require(name)
        let built = try withProgress("list", unit: "files") { progress throws(Fault) in
            try entry.build(root: root, from: from, seed: seed, index: index, progress: progress)
        }
        built.notes.forEach(printMessage)
        let outcome = try built.split.publish(to: target.output, replaces: target.replace)
        var report = SplitReport(built.split, outcome: outcome, path: target.output)
        let next = "fewshot-split check \(shellWord(target.output)) --root \(shellWord(root))"
        report.dataset = built.split.dataset
        report.source = built.source
        report.differences = built.differences
        report.notes = built.notes
        report.next = next
        let origin = built.source == .split ? "CoOp's published split" : "the data set's own annotations"
        let lines =
            ["\(target.output), from \(origin): \(report.size)"] + built.differences.map { "differs: \($0)" }
            + ["next: \(next)"]
        target.result.print(report, page: lines.map { "\($0)\n" }.joined())
    }
}

public import ArgumentParser
internal import Command
internal import Core
public import Drawing
internal import Splits

extension DrawnTask: ExpressibleByArgument {}
extension Style: ExpressibleByArgument {}

struct DrawCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "draw",
        abstract: "Draw a data set of the project's own: images in folders of classes, and their split.",
        discussion: """
            badges has 16 classes, as 'red star inside a white circle': in the plain style, that of the demo encoder's \
            training, accuracy grows up to 16 shots; in crayon, which it never saw, a few shots help at once. toys \
            has 18 classes of two shapes in any colours, as 'triangle above a square', and is hard for few-shot methods.

            Of 60 images a class the first 16 are to train on, 4 for validation and 40 to test on. The same arguments \
            give the same bytes everywhere, and images that are there already are not drawn over.
            """)

    @Argument(help: "What is drawn.")
    var task: DrawnTask
    @Option(help: "How it is drawn.")
    var style = Style.plain
    @Option(help: "How many images each class has, \(DrawnDataset.counts.lowerBound) or more.")
    var count = DrawnDataset.usualCount
    @Option(help: "Which images: each seed gives others.")
    var seed: UInt64 = 1
    @Option(
        name: .shortAndLong, help: ArgumentHelp("Where images and split are to be.", valueName: "folder"),
        completion: .directory)
    var output: String
    @Flag(help: "Replace images and a split that are there and differ.")
    var replace = false
    @OptionGroup var threads: ThreadOptions
    @OptionGroup var result: OutputOptions

    func validate() throws {
        if output.isEmpty { throw ValidationError("--output takes a folder's name") }
        let counts = DrawnDataset.counts
        guard counts.contains(count) else {
            throw ValidationError("--count takes \(counts.lowerBound) to \(counts.upperBound)")
        }
    }

    func run() throws {
        threads.apply()
        let dataset = DrawnDataset(task, style: style, seed: seed, count: count)
        let outcome = try withProgress("draw", unit: "images") { progress throws(Fault) in
            try dataset.publish(to: output, replaces: replace, progress: progress)
        }
        let report = DrawReport(dataset, outcome: outcome, folder: output)
        result.print(report, page: report.page)
    }
}

/// What was drawn, for a reader and for a program.
private struct DrawReport: Encodable {
    let path: String
    let outcome: SplitOutcome
    let task: String
    let style: String
    let seed: UInt64
    let count: Int
    let classes: Int
    let train: Int
    let val: Int
    let test: Int
    let next: String

    init(_ dataset: DrawnDataset, outcome: SplitOutcome, folder: String) {
        path = "\(folder)/\(dataset.splitName)"
        self.outcome = outcome
        (task, style) = (dataset.task.rawValue, dataset.style.rawValue)
        (seed, count, classes) = (dataset.seed, dataset.count, dataset.task.classes.count)
        let parts = dataset.parts
        (train, val, test) = (classes * parts.train.count, classes * parts.val.count, classes * parts.test.count)
        next = "fewshot-split check \(shellWord(path)) --root \(shellWord(folder))"
    }

    var page: String {
        let kind = style == Style.plain.rawValue ? task : "\(task) in \(style)"
        let parts = "train \(train), val \(val), test \(test)"
        let reuse = outcome == .reused ? ", reused" : ""
        return "\(path): \(kind), \(classes) classes, \(parts)\(reuse)\nnext: \(next)\n"
    }
}

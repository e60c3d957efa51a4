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
        abstract: "Draw a demo data set: images in class folders, and their split.",
        discussion: """
            badges has 16 classes such as 'red star inside a white circle'. In the plain style, on which the demo \
            encoder was trained, accuracy grows up to 16 shots; in crayon, which is new to it, a few shots help at \
            once. toys has 18 classes of two shapes in any colors, such as 'triangle above a square', and is hard for \
            few-shot methods.

            Of 60 images per class, the first 16 are for training, 4 for validation and 40 for testing. The same \
            arguments give the same bytes on all machines. Existing images with the same content are kept.
            """)

    @Argument(help: "The data set to draw.")
    var task: DrawnTask
    @Option(help: "The drawing style.")
    var style = Style.plain
    @Option(help: "Images per class, at least \(DrawnDataset.counts.lowerBound).")
    var count = DrawnDataset.usualCount
    @Option(help: "Seed of the images.")
    var seed: UInt64 = 1
    @Option(
        name: .shortAndLong, help: ArgumentHelp("The folder for images and split.", valueName: "folder"),
        completion: .directory)
    var output: String
    @Flag(help: "Replace existing images and a split that differ.")
    var replace = false
    @OptionGroup var threads: ThreadOptions
    @OptionGroup var result: OutputOptions

    func validate() throws {
        if output.isEmpty { throw ValidationError("--output takes the path of a folder") }
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

/// The result of the command, as text and as JSON.
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
        task = dataset.task.rawValue
        style = dataset.style.rawValue
        seed = dataset.seed
        count = dataset.count
        classes = dataset.task.classes.count
        train = classes * dataset.subsets.train.count
        val = classes * dataset.subsets.val.count
        test = classes * dataset.subsets.test.count
        next = "fewshot-split check \(shellWord(path)) --root \(shellWord(folder))"
    }

    var page: String {
        let kind = style == Style.plain.rawValue ? task : "\(task) in \(style)"
        let subsets = "train \(train), val \(val), test \(test)"
        let reuse = outcome == .reused ? ", reused" : ""
        return "\(path): \(kind), \(classes) classes, \(subsets)\(reuse)\nnext: \(next)\n"
    }
}

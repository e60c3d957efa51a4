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
    @Option(name: .shortAndLong, help: .value("folder", "The folder for images and split."), completion: .directory)
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
        let path = output.appending(path: dataset.splitName)
        let next = "fewshot-split check \(shellWord(path)) --root \(shellWord(output))"
        var report = SplitReport(try dataset.split(), outcome: outcome, path: path)
        report.next = next
        let kind = style == .plain ? task.rawValue : "\(task.rawValue) in \(style.rawValue)"
        let page = "\(path): \(kind), \(report.size)\nnext: \(next)\n"
        result.print(DrawReport(split: report, dataset: dataset), page: page)
    }
}

/// The JSON output: the report of a written split, and the settings of the images.
private struct DrawReport: Encodable {
    let split: SplitReport
    let dataset: DrawnDataset

    private enum Key: String, CodingKey { case task, style, seed, count }

    func encode(to encoder: any Encoder) throws {
        try split.encode(to: encoder)
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(dataset.task.rawValue, forKey: .task)
        try container.encode(dataset.style.rawValue, forKey: .style)
        try container.encode(dataset.seed, forKey: .seed)
        try container.encode(dataset.count, forKey: .count)
    }
}

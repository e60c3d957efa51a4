internal import Adapter
internal import ArgumentParser
internal import Command
internal import Core
internal import Kernels
internal import Reporting

/// The options of a list of predictions.
struct ItemOptions: ParsableArguments {
    @Option(help: "The number of classes to print per item.")
    var top = 5

    @Flag(help: "Only the items that are predicted wrongly, the most confident first.")
    var wrong = false

    @Option(help: "Write the predictions as CSV to a file, or with - to standard output.", completion: .file())
    var csv: String?

    @Flag(help: "Print one JSON object per line.")
    var jsonl = false

    @Flag(help: "Print the result as JSON.")
    var json = false

    /// Whether items are asked for, beside other results.
    var areRequested: Bool { wrong || jsonl || csv != nil }

    /// Whether a program reads standard output.
    var hasFormat: Bool { json || jsonl || csv == "-" }

    func validate() throws {
        guard top > 0 else { throw ValidationError("--top: found \(top), expected 1 or more.") }
        guard (json ? 1 : 0) + (jsonl ? 1 : 0) + (csv == "-" ? 1 : 0) <= 1 else {
            throw ValidationError("found several formats for standard output, expected one of --json, --jsonl, --csv -")
        }
    }
}

/// Predictions on their way to standard output and to a CSV file.
///
/// Lines are printed as they come, unless the order or the format requires all of them.
struct PredictionOutput {
    private let options: ItemOptions
    private let hasLabels: Bool
    private let table: PredictionTable
    private var kept: [Prediction] = []
    private var count = 0
    private var rightCount = 0
    private var hasStarted = false

    /// Checks that mistakes are asked for only where labels are known.
    init(_ options: ItemOptions, hasLabels: Bool) throws(Fault) {
        if options.wrong, !hasLabels {
            throw Fault(
                .usage, "--wrong", found: "images without labels", expected: "a feature folder, or images with --split",
                remedy: "give one of them")
        }
        self.options = options
        self.hasLabels = hasLabels
        table = PredictionTable(top: options.top, hasLabels: hasLabels)
    }

    private var isCSVFile: Bool { options.csv != nil && options.csv != "-" }

    mutating func add(_ predictions: [Prediction]) {
        count += predictions.count
        rightCount += predictions.count { $0.right == true }
        if options.wrong || options.json || isCSVFile { kept += predictions }
        if !options.wrong, !options.json { print(predictions) }
    }

    /// Prints what was kept, writes the CSV file, and prints how many are right.
    mutating func finish() throws(Fault) {
        if options.wrong { kept = kept.mistakes }
        if options.json { printResult(JSONDocument.page(kept)) } else if options.wrong { print(kept) }
        if !hasStarted, !options.json { print([]) }
        if let path = options.csv, isCSVFile { try PublishedFile.publish(table.header + table.lines(kept), to: path) }
        guard hasLabels, count > 0 else { return }
        printMessage("\(rightCount) of \(count) right, \(decimal(percent(rightCount, of: count), 2)) %")
    }

    /// Prints predictions in the format of standard output; a CSV file takes its place.
    private mutating func print(_ predictions: [Prediction]) {
        defer { hasStarted = true }
        if options.jsonl { return printResult(predictions.map { JSONDocument.line($0) + "\n" }.joined()) }
        if options.csv == "-" { return printResult((hasStarted ? "" : table.header) + table.lines(predictions)) }
        if options.csv == nil { printResult(predictions.map(Self.line).joined()) }
    }

    private static func line(_ prediction: Prediction) -> String {
        let classes = prediction.classes.map { "\($0.name) \(decimal(100 * Double($0.probability), 2)) %" }
        let label = prediction.right == false ? prediction.label.map { "; labeled \($0)" } : nil
        return "\(prediction.item): \(classes.joined(separator: ", "))\(label ?? "")\n"
    }
}

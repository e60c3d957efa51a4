internal import ArgumentParser
internal import Command
internal import Reporting

struct TableCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "table", abstract: "Print accuracies in the layout of the papers' tables.",
        discussion: """
            The columns are shots for one data set; for several, they are the data sets in CoOp's order and the \
            average. CSV and JSON have one record per run.
            """)

    @OptionGroup var results: ResultArguments

    @Option(help: "markdown, latex, csv, json, or text (default: text).")
    var format: TableFormat?

    @Flag(help: "The same as --format json.")
    var json = false

    @Flag(help: "Show published numbers and the differences from them, for matching backbones and data sets.")
    var published = false

    @Option(help: "Number of decimals, 0 to 6.")
    var decimals = 2

    @Option(name: [.short, .customLong("output")], help: "The file to write, or - for stdout.", completion: .file())
    var output = "-"

    @Flag(help: "Replace an existing file that is not a report of this tool.")
    var replace = false

    func validate() throws {
        guard 0 ... 6 ~= decimals else { throw ValidationError("--decimals must be 0 to 6") }
        guard !json || format == nil || format == .json else {
            throw ValidationError("found two formats, expected one of --json, --format")
        }
    }

    func run() throws {
        var options = TableOptions()
        options.decimals = decimals
        options.showsPublished = published
        let format = json ? .json : format ?? .text
        try writeReport(results.read().written(as: format, options), to: output, replacing: replace)
    }
}

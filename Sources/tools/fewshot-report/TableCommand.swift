internal import ArgumentParser
internal import Command
internal import Reporting

struct TableCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "table", abstract: "Print accuracies as the papers' tables have them.",
        discussion: """
            For one data set the columns are shots; for several they are data sets, in CoOp's order, and their average. \
            CSV and JSON have a record a run instead.
            """)

    @OptionGroup var results: ResultArguments

    @Option(help: "markdown, latex, csv, json or text.")
    var format = TableFormat.text

    @Flag(
        help: "Put published numbers and the differences from them below ours, where backbone and data set are theirs.")
    var published = false

    @Option(help: "Decimals of a percentage, 0 to 6.")
    var decimals = 2

    @Option(name: [.short, .customLong("output")], help: "The file to write, or - for stdout.", completion: .file())
    var output = "-"

    @Flag(help: "Replace a file that does not say that it is a report of this tool.")
    var replace = false

    func validate() throws {
        guard 0 ... 6 ~= decimals else { throw ValidationError("--decimals takes 0 to 6") }
    }

    func run() throws {
        var options = TableOptions()
        (options.decimals, options.showsPublished) = (decimals, published)
        try writeReport(results.read().written(as: format, options), to: output, replacing: replace)
    }
}

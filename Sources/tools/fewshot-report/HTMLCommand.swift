internal import ArgumentParser
internal import Command
internal import Core
internal import Reporting

struct HTMLCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "html",
        abstract: "Write one HTML page with curves, tables, classes, losses, settings, and digests.",
        discussion: "The page is self-contained. An existing file is replaced if it is such a page, or with --replace.")

    @OptionGroup var results: ResultArguments

    @Option(help: "The page's title.")
    var title = "Few-shot results"

    @Option(
        name: .customLong("run"), help: "A run, as named in results.jsonl, whose classes are shown. May be repeated.")
    var runs: [String] = []

    @Flag(help: "Show published numbers and the differences from them, for matching backbones and data sets.")
    var published = false

    @Option(name: [.short, .customLong("output")], help: "The file to write, or - for stdout.", completion: .file())
    var output = "report.html"

    @Flag(help: "Replace an existing file that is not a report of this tool.")
    var replace = false

    @OptionGroup var printing: OutputOptions

    func validate() throws {
        guard !printing.json || output != "-" else {
            throw ValidationError("found two formats for standard output, expected one of --json, --output -")
        }
    }

    func run() throws {
        var options = PageOptions()
        options.title = title
        options.runs = runs
        options.table.showsPublished = published
        try writeReport(results.read().page(options), to: output, replacing: replace, json: printing.json)
    }
}

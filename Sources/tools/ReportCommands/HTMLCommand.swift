internal import ArgumentParser
internal import Command
internal import Core
internal import Reporting

struct HTMLCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "html",
        abstract: "Write one HTML page with curves, tables, classes, mistakes, losses, settings, and digests.",
        discussion: """
            The page is self-contained. An existing file is replaced if it is such a page, or with --replace. Items \
            are read from the runs' feature folder and shown with small pictures if their images are found: mistakes, \
            labels that are probably wrong, images in several subsets, and examples of each class.
            """)

    @OptionGroup var results: ResultArguments

    @Option(help: "The page's title.")
    var title = "Few-shot results"

    @Option(
        name: .customLong("run"), help: "A run, as named in results.jsonl, whose classes are shown. May be repeated.")
    var runs: [String] = []

    @Flag(help: "Show published numbers and the differences from them, for matching backbones and data sets.")
    var published = false

    @OptionGroup var pictures: PictureArguments

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
        options.pictures = pictures.options
        options.featureFolders = pictures.featureFolders
        options.note = { printMessage("note: \($0)") }
        try writeReport(results.read().page(options), to: output, replacing: replace, json: printing.json)
    }
}

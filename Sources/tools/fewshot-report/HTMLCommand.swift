internal import ArgumentParser
internal import Command
internal import Core
internal import Reporting

struct HTMLCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "html",
        abstract: "Write one HTML page with curves, tables, classes, losses, settings and digests.",
        discussion: """
            The page needs no network and no other file. A file that is there is replaced where it is such a page, or with \
            --replace.
            """)

    @OptionGroup var results: ResultArguments

    @Option(help: "The page's title.")
    var title = "Few-shot results"

    @Option(name: .customLong("run"), help: "A run whose classes are shown, as results.jsonl has it. May be repeated.")
    var runs: [String] = []

    @Flag(
        help: "Put published numbers and the differences from them below ours, where backbone and data set are theirs.")
    var published = false

    @Option(name: [.short, .customLong("output")], help: "The file to write, or - for stdout.", completion: .file())
    var output = "report.html"

    @Flag(help: "Replace a file that does not say that it is a report of this tool.")
    var replace = false

    func run() throws {
        var options = PageOptions()
        (options.title, options.runs, options.table.showsPublished) = (title, runs, published)
        try writeReport(results.read().page(options), to: output, replacing: replace)
    }
}

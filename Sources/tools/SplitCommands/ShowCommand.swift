internal import ArgumentParser
internal import Catalog
internal import Command
internal import Core
internal import Splits

struct ShowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show the content of a split, the prompts of its classes, or the template sets.",
        discussion: """
            show mine.split.json                  classes, items, sample and digest
            show mine.split.json --prompts tip    one line per class and prompt
            show prompts                          all template sets
            show prompts imagenet80               the templates of one set
            """)

    @Argument(
        help: "A split file (also CoOp's), the name of a data set, or 'prompts'.",
        completion: .file(extensions: ["json"]))
    var what: String
    @Argument(help: .value("set", "With 'prompts': the template set to show."))
    var set: String?
    @Option(
        help: .value(
            "choice",
            "Template sets and prompt files, as tip+cupl.json, or a template, as 'a photo of a {}.'; may be repeated."))
    var prompts: [String] = []
    @Option(name: .customLong("class"), help: .value("name", "Show only this class."))
    var className: String?
    @Option(
        help: .value("name", "The data set of a CoOp file whose name does not identify it, or of the template sets."))
    var dataset: String?
    @OptionGroup var output: OutputOptions

    private var isListing: Bool { what == "prompts" }

    func validate() throws {
        guard isListing || set == nil else { throw ValidationError("unexpected argument '\(set ?? "")'") }
        guard !isListing || (prompts.isEmpty && className == nil) else {
            throw ValidationError("--prompts and --class go with a split")
        }
    }

    func run() throws {
        if isListing { return try showTemplates() }
        guard FileKind(at: what) == .absent, let entry = Catalog.entry(named: what) else { return try showSplit() }
        guard prompts.isEmpty, className == nil else {
            throw Fault(
                .usage, what, found: "the name of a data set", expected: "a split file with --prompts or --class",
                remedy: "give the split file, which contains the classes")
        }
        let summary = DatasetSummary(entry)
        output.print(summary, page: summary.page)
    }

    private func showTemplates() throws(Fault) {
        let listing = try TemplateListing(dataset: dataset, named: set)
        let page = try output.json || set == nil ? listing.page : listing.templates()
        output.print(listing.sets, page: page)
    }

    private func showSplit() throws(Fault) {
        let file = try SplitFile(path: what, dataset: dataset)
        let summary = SplitSummary(file)
        let labels: [Int]? = if let className { try summary.labels(of: className) } else { nil }
        guard !prompts.isEmpty else {
            guard let labels else { return output.print(summary, page: summary.page) }
            return output.print(labels.map { summary.classes[$0] }, page: labels.map(summary.line(of:)).joined())
        }
        let made = try file.split.prompts(prompts)
        for note in made.notes { printMessage("note: \(note).") }
        printResult(output.json ? made.json(only: labels) : made.lines(only: labels))
    }
}

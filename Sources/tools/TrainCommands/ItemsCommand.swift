internal import Adapter
internal import ArgumentParser
internal import Command
internal import Core
internal import Reporting
internal import Studies

/// Writes a record per item of a run.
struct ItemsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "items", abstract: "Write a table of a run's items: labels, predictions and a map.",
        discussion: """
            A row per item of train, val and test: id, subset, label, prediction, right, confidence, the next probable \
            classes, x and y on a map (the two principal directions of the unit features), and the filepath of the \
            image. pandas and DuckDB read the Parquet file; 'embedding-atlas items.parquet --x x --y y' shows the map, \
            and FiftyOne takes the columns as the fields of its samples.
            """)

    @Argument(help: "A run's folder, or a study's folder, which stands for its best run.", completion: .directory)
    var path: String

    @Option(
        name: [.short, .customLong("output")], help: "The file to write: .parquet, .csv or .jsonl.", completion: .file()
    )
    var output: String

    @Option(
        help: "The run's feature folder (default: where it was when the run was trained).", completion: .directory)
    var features: String?

    @Option(help: "The number of classes per item.")
    var top = 3

    @Flag(help: "Overwrite an existing file.")
    var replace = false

    @OptionGroup var threads: ThreadOptions
    @OptionGroup var printing: OutputOptions

    func validate() throws {
        guard top > 0 else { throw ValidationError("--top: found \(top), expected 1 or more.") }
    }

    func run() throws {
        threads.apply()
        _ = try ItemTable.Format(path: output)
        let items = try SavedRun(path: RunArgument.path(of: path)).items(features: features, top: top)
        try ItemTable(items, top: top).write(to: output, replacing: replace)
        let summary = Summary(output: output, items: items.count, wrong: items.count { $0.prediction.right == false })
        printing.print(
            summary, page: "\(output): \(summary.items) items, of which \(summary.wrong) are predicted wrongly\n")
    }

    private struct Summary: Encodable {
        let output: String
        let items: Int
        let wrong: Int
    }
}

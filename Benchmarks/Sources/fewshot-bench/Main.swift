import ArgumentParser

/// Times our side of one row of the benchmark.
@main
struct FewshotBench: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fewshot-bench", abstract: "Time one row of the benchmark and print it as a line of JSON.",
        discussion: rows.map { "\($0.name): \($0.meaning)" }.joined(separator: "\n"))

    @Argument(help: "The row to time.")
    var row: String

    @Option(help: "The folder with the row's features, as peer/synthetic.py wrote them.")
    var data: String

    func run() throws {
        guard let row = rows.first(where: { $0.name == row }) else {
            throw ValidationError("'\(row)' is no row; there are \(rows.map(\.name).joined(separator: ", ")).")
        }
        print(Measurement(row: row.name, seconds: try row.body(data)).line)
    }
}

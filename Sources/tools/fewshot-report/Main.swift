internal import ArgumentParser
internal import Command

@main
struct ReportTool: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fewshot-report",
        abstract: "Report the results of fewshot-train: tables, curves, and files for other programs.",
        discussion: """
            Reads results.jsonl and, if they exist, the run folders next to it. Different protocols never share a \
            table, a curve, or an average.

            \(exitStatusHelp)
            """,
        version: toolVersion(),
        subcommands: [
            HTMLCommand.self, TableCommand.self, TensorBoardCommand.self, CLIPBenchmarkCommand.self,
        ])

    static func main() { runTool(Self.self) }
}

extension ReportTool: SuggestingCommand {
    /// The command for a word that other programs use.
    static func suggestion(for word: String) -> String? {
        let commands = [
            "report": "html", "build": "html", "page": "html", "show": "table", "csv": "table",
        ]
        return commands[word]
    }
}

public import ArgumentParser
public import Command

/// The tool `fewshot-report`.
public struct ReportTool: ParsableCommand {
    public static let configuration = CommandConfiguration(
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

    /// Creates the tool without a command.
    public init() {}
}

extension ReportTool: SuggestingCommand {
    /// Returns the command for a word that other programs use.
    public static func suggestion(for word: String) -> String? {
        let commands = [
            "report": "html", "build": "html", "page": "html", "show": "table", "csv": "table",
        ]
        return commands[word]
    }
}

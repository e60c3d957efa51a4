public import ArgumentParser
public import Command

/// The tool `fewshot-split`.
public struct SplitTool: ParsableCommand {
    public static let configuration = CommandConfiguration(
        commandName: "fewshot-split",
        abstract: "Make and check splits (*.split.json): the subset and class of each image of a data set.",
        discussion: exitStatusHelp,
        version: toolVersion(),
        subcommands: [
            ListCommand.self, BuildCommand.self, SampleCommand.self, SelectCommand.self, RelabelCommand.self,
            CheckCommand.self,
            ShowCommand.self, ExportCommand.self, ImportCommand.self, DrawCommand.self,
        ])

    /// Creates the tool without a command.
    public init() {}
}

extension SplitTool: SuggestingCommand {
    /// Returns the command for a word that other programs use.
    public static func suggestion(for word: String) -> String? {
        let commands = [
            "make": "build", "create": "import", "verify": "check", "validate": "check", "datasets": "list",
            "info": "show",
        ]
        return commands[word]
    }
}

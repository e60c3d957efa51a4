public import ArgumentParser
public import Command
internal import Kernels

/// The tool `fewshot-train`.
public struct TrainTool: ParsableCommand {
    public static let configuration = CommandConfiguration(
        commandName: "fewshot-train",
        abstract: "Train and evaluate adapters from a feature folder.",
        discussion: """
            Without a verb it trains every requested method, number of shots and seed. Each run gets a folder with \
            adapter.safetensors, steps.jsonl and run.json, and a line in results.jsonl. Finished runs with the same \
            inputs and settings are reused.

            \(exitStatusHelp)
            """,
        version: toolVersion(Arithmetic.current.libraries),
        subcommands: [
            RunCommand.self, StatusCommand.self, SubmitCommand.self, BestCommand.self, EvalCommand.self,
            PredictCommand.self, ItemsCommand.self, SuspectsCommand.self, DuplicatesCommand.self, ExportCommand.self,
            MethodsCommand.self,
        ],
        defaultSubcommand: RunCommand.self)

    /// Creates the tool without a command.
    public init() {}
}

extension TrainTool: SuggestingCommand {
    /// Returns the command for a word that other programs use.
    public static func suggestion(for word: String) -> String? {
        let commands = [
            "train": "run", "fit": "run", "test": "eval", "evaluate": "eval", "infer": "predict", "list": "methods",
        ]
        return commands[word]
    }
}

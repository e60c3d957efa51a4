public import ArgumentParser
public import Command
internal import Kernels

/// The tool `fewshot-features`.
public struct FeaturesTool: ParsableCommand {
    public static let configuration = CommandConfiguration(
        commandName: "fewshot-features",
        abstract: "Make, check and convert feature folders: train.h5, val.h5, test.h5, text.h5.",
        discussion: exitStatusHelp,
        version: toolVersion(Arithmetic.current.libraries),
        subcommands: [
            BuildCommand.self,
            PlanCommand.self,
            WorkerCommand.self,
            StatusCommand.self,
            SubmitCommand.self,
            MergeCommand.self,
            ImportCommand.self,
            InfoCommand.self,
            VerifyCommand.self,
            PackCommand.self,
            UnpackCommand.self,
            ExportCommand.self,
        ])

    /// Creates the tool without a command.
    public init() {}
}

extension FeaturesTool: SuggestingCommand {
    /// Returns the command for a word that other programs use.
    public static func suggestion(for word: String) -> String? {
        let commands = [
            "extract": "build", "encode": "build", "embed": "build", "check": "verify", "show": "info",
            "convert": "export",
        ]
        return commands[word]
    }
}

/// The existing features that a verb reads.
struct Source: ParsableArguments {
    @Argument(help: "A feature folder, or one of its files.", completion: .file(extensions: ["h5"]))
    var path: String
}

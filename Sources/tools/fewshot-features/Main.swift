internal import ArgumentParser
internal import Command
internal import Kernels

@main
struct FeaturesTool: ParsableCommand {
    static let configuration = CommandConfiguration(
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

    static func main() { runTool(Self.self) }
}

extension FeaturesTool: SuggestingCommand {
    /// The command for a word that other programs use.
    static func suggestion(for word: String) -> String? {
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

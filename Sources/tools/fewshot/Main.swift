internal import Command
internal import Core
internal import FeaturesCommands
internal import ReportCommands
internal import SplitCommands
internal import TrainCommands

/// The program `fewshot`, which holds all tools.
///
/// `fewshot train` and a link to this program named `fewshot-train` both run the tool fewshot-train.
@main
enum Main {
    static func main() {
        let name = lastComponent(of: CommandLine.arguments[0])
        run(name, CommandLine.arguments.dropFirst())
        if let verb = CommandLine.arguments.dropFirst().first { run("fewshot-\(verb)", CommandLine.arguments.dropFirst(2)) }
        runTool(FewshotTool.self)
    }

    /// Runs the tool `name` and ends the process; returns if there is no such tool.
    private static func run(_ name: String, _ arguments: ArraySlice<String>) {
        switch name {
        case "fewshot-split": runTool(SplitTool.self, arguments: arguments)
        case "fewshot-features": runTool(FeaturesTool.self, arguments: arguments)
        case "fewshot-train": runTool(TrainTool.self, arguments: arguments)
        case "fewshot-report": runTool(ReportTool.self, arguments: arguments)
        default: return
        }
    }
}

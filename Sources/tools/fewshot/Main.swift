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
        let words = CommandLine.arguments
        run(lastComponent(of: words[0]), words.dropFirst())
        if words.count > 1 { run("fewshot-\(words[1])", words.dropFirst(2)) }
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

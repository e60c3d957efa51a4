internal import ArgumentParser
internal import Command
internal import FeaturesCommands
internal import ReportCommands
internal import SplitCommands
internal import TrainCommands

/// The commands of `fewshot`: its own, and those of the four tools, for help, completions and manual pages.
///
/// `Main` runs the tools themselves.
struct FewshotTool: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fewshot",
        abstract: "Few-shot adapters for CLIP from cached features.",
        discussion: """
            'fewshot split' is fewshot-split, and likewise for features, train and report. Start with 'fewshot demo'.

            \(exitStatusHelp)
            """,
        version: toolVersion(),
        subcommands: [
            SplitAlias.self, FeaturesAlias.self, TrainAlias.self, ReportAlias.self, DemoCommand.self,
            DoctorCommand.self,
        ])
}

extension FewshotTool: SuggestingCommand {
    /// Returns the command for a word that belongs to one of the tools.
    static func suggestion(for word: String) -> String? {
        let aliases: [any ToolAlias.Type] = [SplitAlias.self, FeaturesAlias.self, TrainAlias.self, ReportAlias.self]
        for alias in aliases {
            let verbs = alias.configuration.subcommands.map { $0.configuration.commandName ?? "" }
            if verbs.contains(word) { return "\(alias.configuration.commandName ?? "") \(word)" }
        }
        return nil
    }
}

/// A tool under the last word of its name, such as `train`.
private protocol ToolAlias: ParsableCommand {
    associatedtype Tool: ParsableCommand
}

extension ToolAlias {
    static var configuration: CommandConfiguration {
        var tool = Tool.configuration
        tool.commandName = tool.commandName.map { String($0.dropFirst("fewshot-".count)) }
        return tool
    }
}

private struct SplitAlias: ToolAlias { typealias Tool = SplitTool }
private struct FeaturesAlias: ToolAlias { typealias Tool = FeaturesTool }
private struct TrainAlias: ToolAlias { typealias Tool = TrainTool }
private struct ReportAlias: ToolAlias { typealias Tool = ReportTool }

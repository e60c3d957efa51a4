internal import ArgumentParser
internal import Command

@main
struct SplitTool: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fewshot-split",
        abstract: "Say which item is in which part and class: *.split.json, from published data sets or your own.",
        version: toolVersion(),
        subcommands: [
            ListCommand.self,
            BuildCommand.self,
            SampleCommand.self,
            SelectCommand.self,
            CheckCommand.self,
            ShowCommand.self,
            ExportCommand.self,
            ImportCommand.self,
            DrawCommand.self,
        ])

    static func main() { runTool(Self.self) }
}

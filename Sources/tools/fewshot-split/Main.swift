internal import ArgumentParser
internal import Command

@main
struct SplitTool: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fewshot-split",
        abstract: "Make and check splits (*.split.json): the subset and class of each image of a data set.",
        version: toolVersion(),
        subcommands: [
            ListCommand.self, BuildCommand.self, SampleCommand.self, SelectCommand.self, RelabelCommand.self,
            CheckCommand.self,
            ShowCommand.self, ExportCommand.self, ImportCommand.self, DrawCommand.self,
        ])

    static func main() { runTool(Self.self) }
}

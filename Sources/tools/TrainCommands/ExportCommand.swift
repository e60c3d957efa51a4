internal import Adapter
internal import ArgumentParser
internal import Command
internal import Core
internal import Studies

struct ExportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Write an adapter for other programs.",
        discussion: """
            Python can load the adapter.safetensors of a run directly. This command writes the weight \
            [classes x width] and bias of a linear layer, for methods that are linear in the feature.
            """)

    @OptionGroup var adapter: RunArgument

    /// The only form of an export; still accepted where it is spelled.
    @Option(help: .hidden)
    var form = Form.fused

    @Flag(help: "Overwrite an existing file.")
    var replace = false

    @Option(name: [.short, .customLong("output")], help: "The .safetensors file to write.", completion: .file())
    var output: String

    @OptionGroup var printing: OutputOptions

    func run() throws {
        let summary = try adapter.read().adapter.exportFused(to: output, replacing: replace)
        printing.print(
            summary,
            page: """
                \(output): weight [\(summary.classes)x\(summary.width)] and bias [\(summary.classes)] \
                of \(summary.method), for \(summary.features) features

                """)
    }

    enum Form: String, ExpressibleByArgument { case fused }
}

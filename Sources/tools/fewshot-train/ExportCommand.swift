internal import Adapter
internal import ArgumentParser
internal import Command
internal import Core
internal import Studies

struct ExportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Write an adapter for other programs.",
        discussion: """
            The adapter.safetensors of a run loads in Python as it is. 'fused' writes one weight matrix [classes x width] and \
            one bias, as a linear layer takes them, for the methods that are linear in the feature.
            """)

    @Option(name: .customLong("run"), help: "A run's folder, or an adapter.safetensors.", completion: .directory)
    var adapter: String

    @Option(help: "fused, the only form beside the run's own file.")
    var form = ExportForm.fused

    @Flag(help: "Replace a file that is in the way.")
    var replace = false

    @Option(name: [.short, .customLong("output")], help: "The .safetensors file to write.", completion: .file())
    var output: String

    @OptionGroup var printing: OutputOptions

    func run() throws {
        let summary = try SavedRun(path: adapter).adapter.exportFused(to: output, replacing: replace)
        printing.print(
            summary,
            page: """
                \(output): weight [\(summary.classes)x\(summary.width)] and bias [\(summary.classes)] of \(summary.method), \
                for \(summary.features) features

                """)
    }
}

enum ExportForm: String, ExpressibleByArgument, CaseIterable {
    case fused
}

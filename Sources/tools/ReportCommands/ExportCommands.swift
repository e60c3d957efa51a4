internal import ArgumentParser
internal import Command
internal import Reporting

/// The options of an export for another program.
struct ExportArguments: ParsableArguments {
    @Option(name: [.short, .customLong("output")], help: "The output folder.", completion: .directory)
    var output: String

    @Flag(help: "Replace existing files with different content.")
    var replace = false
}

struct TensorBoardCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tensorboard",
        abstract: "Write TensorBoard event files with the losses, learning rates, and accuracies of every run.",
        discussion:
            "Steps are read from the run folders next to the results. The time of an event is its step in seconds.")

    @OptionGroup var results: ResultArguments
    @OptionGroup var export: ExportArguments
    @OptionGroup var printing: OutputOptions

    func run() throws {
        let (written, skipped) = try results.read().writeTensorBoardLog(to: export.output, replacing: export.replace)
        if skipped > 0 { printMessage("note: skipped \(skipped) runs whose folders are not next to the results") }
        printing.print(["written": written, "left_out": skipped], page: "\(export.output): \(written) event files\n")
    }
}

struct CLIPBenchmarkCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "clip-benchmark", abstract: "Write one JSON file per result, for 'clip_benchmark build'.")

    @OptionGroup var results: ResultArguments
    @OptionGroup var export: ExportArguments
    @OptionGroup var printing: OutputOptions

    func run() throws {
        let written = try results.read().writeCLIPBenchmark(to: export.output, replacing: export.replace)
        printing.print(["written": written], page: "\(export.output): \(written) files\n")
    }
}

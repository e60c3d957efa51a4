internal import ArgumentParser
internal import Command
internal import Reporting

/// The folder that takes files for another program.
struct ExportArguments: ParsableArguments {
    @Option(name: [.short, .customLong("output")], help: "The folder to write into.", completion: .directory)
    var output: String

    @Flag(help: "Replace files with other content.")
    var replace = false
}

struct TensorBoardCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tensorboard",
        abstract: "Write TensorBoard event files: losses, rates and accuracies of every run.",
        discussion:
            "A run's folder beside the results is needed for its steps. The time of an event is its step in seconds.")

    @OptionGroup var results: ResultArguments
    @OptionGroup var export: ExportArguments
    @OptionGroup var printing: OutputOptions

    func run() throws {
        let (written, left) = try results.read().writeTensorBoardLog(to: export.output, replacing: export.replace)
        if left > 0 { printMessage("note: \(left) runs left out, whose folders are not beside the results") }
        printing.print(["written": written, "left_out": left], page: "\(export.output): \(written) event files\n")
    }
}

struct CLIPBenchmarkCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "clip-benchmark", abstract: "Write a JSON file a result, as 'clip_benchmark build' joins them.")

    @OptionGroup var results: ResultArguments
    @OptionGroup var export: ExportArguments
    @OptionGroup var printing: OutputOptions

    func run() throws {
        let written = try results.read().writeCLIPBenchmark(to: export.output, replacing: export.replace)
        printing.print(["written": written], page: "\(export.output): \(written) files\n")
    }
}

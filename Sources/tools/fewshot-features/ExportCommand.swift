public import ArgumentParser
internal import Command
internal import Core
public import FeatureStore

extension ExportFormat: ExpressibleByArgument {}
extension FeatureFile.Kind: ExpressibleByArgument {}

struct ExportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Write features, labels and names as .npy and .json, or as .safetensors.")

    @OptionGroup var source: Source
    @Option(help: "The file format.") var format = ExportFormat.npy
    @Option(help: "Only this file of the folder.") var part: FeatureFile.Kind?
    @Option(name: .shortAndLong, help: "The folder to write to.") var output: String
    @OptionGroup var threads: ThreadOptions

    func run() throws {
        threads.apply()
        let written = try withProgress("export", unit: "items") { progress throws(Fault) in
            try exportFeatures(at: source.path, part: part, as: format, to: output, progress: progress)
        }
        printResult(written.map { "\($0)\n" }.joined())
    }
}

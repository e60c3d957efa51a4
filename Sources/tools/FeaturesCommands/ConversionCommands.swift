public import ArgumentParser
internal import Command
internal import Core
public import FeatureStore

struct PackCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pack", abstract: "Compress feature files with zstd; training can read compressed files.")

    @OptionGroup var repacking: Repacking

    func run() throws { try repacking.run("pack", compressing: true) }
}

struct UnpackCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "unpack", abstract: "Restore mapped files from compressed ones, byte for byte.")

    @OptionGroup var repacking: Repacking

    func run() throws { try repacking.run("unpack", compressing: false) }
}

struct Repacking: ParsableArguments {
    @OptionGroup var source: Source
    @Option(name: .shortAndLong, help: "The file or folder to write (default: replace the files).")
    var output: String?
    @OptionGroup var threads: ThreadOptions
    @OptionGroup var result: OutputOptions

    func run(_ verb: String, compressing: Bool) throws {
        threads.apply()
        let files = try withProgress(verb, unit: "items") { progress throws(Fault) in
            try repackFeatures(at: source.path, to: output, compressing: compressing, progress: progress)
        }
        result.print(files, page: files.map { "\($0.line)\n" }.joined())
    }
}

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
    @OptionGroup var result: OutputOptions

    func run() throws {
        threads.apply()
        let written = try withProgress("export", unit: "items") { progress throws(Fault) in
            try exportFeatures(at: source.path, part: part, as: format, to: output, progress: progress)
        }
        result.print(written, page: written.map { "\($0.path)\n" }.joined())
    }
}

internal import ArgumentParser
internal import Command
internal import Core
internal import FeatureStore

struct PackCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pack", abstract: "Compress feature files with zstd; training can read compressed files.")

    @OptionGroup var repacking: Repacking

    func run() throws { try repacking.run(toPacked: true) }
}

struct UnpackCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "unpack", abstract: "Restore mapped files from compressed ones, byte for byte.")

    @OptionGroup var repacking: Repacking

    func run() throws { try repacking.run(toPacked: false) }
}

struct Repacking: ParsableArguments {
    @OptionGroup var source: Source
    @Option(name: .shortAndLong, help: "The file or folder to write (default: replace the files).")
    var output: String?
    @OptionGroup var threads: ThreadOptions

    func run(toPacked: Bool) throws {
        threads.apply()
        let lines = try withProgress(toPacked ? "pack" : "unpack", unit: "items") { progress throws(Fault) in
            try repackFeatures(at: source.path, to: output, compressing: toPacked, progress: progress)
        }
        printResult(lines.map { "\($0)\n" }.joined())
    }
}

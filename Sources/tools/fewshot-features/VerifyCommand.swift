internal import ArgumentParser
internal import Command
internal import Core
internal import Extraction
internal import FeatureStore

struct VerifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "Check every byte: seals, digests, finite values, zero rows, labels, names.",
        discussion: "Exits with 65 if a check fails.")

    @OptionGroup var source: Source
    @Option(
        help: ArgumentHelp(
            "Also compare the images below this folder with the encoded ones; the items' paths are relative to it.",
            valueName: "folder"), completion: .directory)
    var images: String?
    @OptionGroup var output: OutputOptions
    @OptionGroup var threads: ThreadOptions

    func run() throws {
        threads.apply()
        let verification = try withProgress("verify", unit: "items") { progress throws(Fault) in
            try Verification(of: source.path, images: images, progress: progress)
        }
        output.print(verification, page: verification.page)
        guard verification.isSound else {
            printMessage("make the files again: run the command that made them with --replace, or copy them again")
            throw ExitCode(ExitStatus.badData.rawValue)
        }
    }
}

internal import ArgumentParser
internal import Artifacts
internal import Command
internal import FeatureStore

struct VerifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "Check every byte: seals, digests, finite values, zero rows, labels, names.",
        discussion: "Exits with 65 if something is wrong.")

    @OptionGroup var source: Source
    @OptionGroup var output: OutputOptions
    @OptionGroup var threads: ThreadOptions

    func run() throws {
        threads.apply()
        let verification = try withProgress("verify", unit: "items") { progress throws(Fault) in
            try Verification(of: source.path, progress: progress)
        }
        output.print(verification, page: verification.page)
        guard verification.isSound else { throw ExitCode(ExitStatus.badData.rawValue) }
    }
}

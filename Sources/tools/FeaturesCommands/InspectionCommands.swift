internal import ArgumentParser
internal import CLIP
internal import Command
internal import Core
internal import Extraction
internal import FeatureStore

struct InfoCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "info",
        abstract: "Show the shapes, identity, classes and norms of feature files, or the architecture of an encoder.")

    @Argument(help: "A feature folder or file, or a model's weights.", completion: .file())
    var path: String
    @Option(help: "quick_gelu or gelu, for a model whose configuration does not set it.")
    var activation: Activation?
    @OptionGroup var output: OutputOptions
    @OptionGroup var threads: ThreadOptions

    func run() throws {
        threads.apply()
        guard try isModel() else {
            let summaries = try featureFiles(at: path).map { try FeatureSummary(FeatureFile(path: $0)) }
            return output.print(summaries, page: summaries.map(\.page).joined(separator: "\n"))
        }
        let page = try ModelPage(path: path, activation: activation)
        output.print(page, page: page.page)
    }

    /// Whether the path holds weights, by the files of a folder or the first bytes of a file.
    private func isModel() throws -> Bool {
        switch FileKind(at: path) {
        case .folder: !FeatureFolder.exists(at: path)
        case .file: try !isFeatureFile(path)
        default: false
        }
    }
}

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

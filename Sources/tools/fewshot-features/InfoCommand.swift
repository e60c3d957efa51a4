internal import ArgumentParser
internal import Command
internal import FeatureStore

struct InfoCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "info", abstract: "Show shapes, identity, sizes, classes and norms.")

    @OptionGroup var source: Source
    @OptionGroup var output: OutputOptions
    @OptionGroup var threads: ThreadOptions

    func run() throws {
        threads.apply()
        let summaries = try featureFiles(at: source.path).map { try FeatureSummary(FeatureFile(path: $0)) }
        output.print(summaries, page: summaries.map(\.page).joined(separator: "\n"))
    }
}

internal import ArgumentParser
internal import CLIP
internal import Command
internal import Core
internal import Extraction
internal import FeatureStore
internal import Images

/// Encodes the images and prompts of a split.
struct BuildCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "build",
        abstract: "Encode a split's images and prompts with a CLIP model, without Python or GPU.",
        discussion: """
            Writes train.h5 (a plain view and --views random views per image), val.h5, test.h5 and text.h5. After a kill, \
            the same command continues, and the files have the same bytes. Existing files with the same settings are \
            reused. If a setting differs, the command names it and changes nothing without --extend or --replace. \
            Unreadable images are listed in errors.tsv, and the command exits with 65 unless --skip-bad allows as many.
            """)

    @OptionGroup var options: BuildOptions
    @Flag(help: "Print the files that would be made, and make none.")
    var dryRun = false
    @OptionGroup var threads: ThreadOptions
    @OptionGroup var result: OutputOptions

    func run() throws {
        threads.apply()
        var build = try options.build()
        build.threads = threads.threads
        if dryRun {
            let summary = try build.summary()
            return result.print(summary, page: summary.page)
        }
        let outcome = try withBuildProgress { [build] events throws(Fault) in try build.run(events) }
        result.print(outcome, of: build)
    }
}

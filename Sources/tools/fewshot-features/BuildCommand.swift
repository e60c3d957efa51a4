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
        abstract: "Encode a split's images and prompts with a CLIP: no Python, no GPU.",
        discussion: """
            Makes train.h5 (a plain view and --views random ones of each image), val.h5, test.h5 and text.h5. Killed or \
            stopped, the same command goes on where it was, and the files are the same to the byte. What was made in the same way is \
            reused; where one setting differs it is named, and nothing is touched without --extend or --replace. \
            Images that cannot be read are listed in errors.tsv; the command then ends with 65, unless --skip-bad allows as many.
            """)

    @OptionGroup var options: BuildOptions
    @Flag(help: "Say what would be made, and make nothing.")
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

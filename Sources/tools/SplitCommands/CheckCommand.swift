internal import ArgumentParser
internal import Command
internal import Core
internal import SplitCheck
internal import Splits

struct CheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Compare a split with the files on disk: missing, damaged, repeated and unlisted images.",
        discussion: """
            Reads the header of every image in the split. Changes nothing and uses no network. The verdict is \
            unusable (exit code 65: images are missing or damaged, or are in both train and test), doubtful \
            (usable, but different from the published data) or fine.
            """)

    @OptionGroup var source: SplitArguments
    @Option(help: .value("folder", "The data root, which contains the data set's folder."))
    var root: String
    @Flag(help: "Decode all images completely; finds truncated ones.")
    var decode = false
    @Option(help: .value("choice", "Also check that these prompts cover all classes: tip, own.json, ..."))
    var prompts: String?
    @OptionGroup var output: OutputOptions

    func run() throws {
        let source = try source.read()
        var check = SplitCheck(source, root: root)
        check.decodes = decode
        check.prompts = prompts
        let report = try withProgress("check", unit: "items") { progress throws(Fault) in
            try check.report(progress: progress)
        }
        output.print(report, page: report.page(base: root) + next(report))
        guard report.verdict < .unusable else {
            throw Fault.badData(self.source.split, found: report.reasons, remedy: "see the report for each of them")
        }
    }

    /// The command that encodes the images, without those that cannot be read; empty if it would fail.
    private func next(_ report: CheckReport) -> String {
        guard let leftOut = report.imagesToLeaveOut else { return "" }
        let command =
            "fewshot-features build --split \(shellWord(source.split)) --root \(shellWord(root)) --model MODEL -o FEATURES"
        return "next: \(command)\(leftOut > 0 ? " --skip-bad \(leftOut)" : "")\n"
    }
}

internal import ArgumentParser
internal import Command
internal import Core
internal import SplitCheck
internal import Splits

struct CheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract:
            "Say what is wrong with a data set on disk, seen from its split: missing, broken, repeated, left over.",
        discussion: """
            Looks at the first bytes of every image that the split names. Nothing is changed, and no network is used. \
            The verdict is unusable (exit code 65: images are missing or broken, or are in both train and test), doubtful \
            (usable, but not what was published) or fine.
            """)

    @OptionGroup var source: SplitArguments
    @Option(help: ArgumentHelp("The data root, in which the data set's folder lies.", valueName: "folder"))
    var root: String
    @Flag(help: "Decode all images as a whole, which finds truncated ones.")
    var decode = false
    @Option(
        help: ArgumentHelp("Also see whether these prompts name all classes: tip, own.json, ...", valueName: "choice"))
    var prompts: String?
    @OptionGroup var output: OutputOptions

    func run() throws {
        let source = try source.read()
        var check = SplitCheck(source, root: root)
        (check.decodes, check.prompts) = (decode, prompts)
        let report = try withProgress("check", unit: "items") { progress throws(Fault) in
            try check.report(progress: progress)
        }
        let next =
            "fewshot-features build --split \(shellWord(self.source.split)) --root \(shellWord(root)) --model MODEL -o FEATURES"
        output.print(report, page: report.page(base: root) + (report.verdict < .unusable ? "next: \(next)\n" : ""))
        guard report.verdict < .unusable else {
            throw Fault.badData(self.source.split, found: report.reasons, remedy: "the report names each")
        }
    }
}

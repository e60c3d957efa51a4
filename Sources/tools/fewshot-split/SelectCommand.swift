internal import ArgumentParser
internal import Command
internal import Core
internal import Splits

struct SelectCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "select",
        abstract: "Keep some of a split's classes: the base or new half, or those with given names.")

    @OptionGroup var source: SplitArguments
    @Option(
        help: ArgumentHelp(
            "base, new, names with commas between them, or a file with a JSON list or a name a line.",
            valueName: "classes"))
    var classes: String
    @OptionGroup var target: SplitOutputArguments

    func run() throws {
        let source = try source.read()
        try target.publish(source.selecting(ClassSelection(classes)))
    }
}

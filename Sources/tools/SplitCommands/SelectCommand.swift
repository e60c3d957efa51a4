internal import ArgumentParser
internal import Command
internal import Core
internal import Splits

struct SelectCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "select",
        abstract: "Select some of a split's classes: the base or new half, or given names.")

    @OptionGroup var source: SplitArguments
    @Option(
        help: .value(
            "classes",
            "The classes: base, new, names separated by commas, or a file with a JSON list or one name per line."))
    var classes: String
    @OptionGroup var target: SplitOutputArguments

    func run() throws {
        let source = try source.read()
        try target.publish(source.selecting(ClassSelection(classes)))
    }
}

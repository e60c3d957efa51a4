internal import ArgumentParser
internal import Command
internal import Core
internal import Splits

struct SampleCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sample",
        abstract: "Draw K items a class, bit for bit as the published code does.",
        discussion: """
            coop draws as CoOp and its followers do: K items a class of train and min(K, 4) of val. tip draws as Tip-Adapter \
            does: train only, and a class with fewer items is filled with repetition. lpclip draws as CoOp's linear \
            probe does, with NumPy's generator. The test part stays whole.
            """)

    @OptionGroup var source: SplitArguments
    @Option(help: "Whose rule: coop, tip or lpclip.")
    var scheme = FewShotSample.Scheme.coop
    @Option(help: "Items of each class to train on.")
    var shots: Int
    @Option(help: "The seed; the published draws use 1, 2 and 3.")
    var seed = 1
    @Flag(help: "Where there is no val part, as in ImageNet: draw min(K, 4) more items a class of train for it.")
    var valFromTrain = false
    @Option(
        help: ArgumentHelp(
            "After the draw, keep some classes: base, new, names with commas between them, or a file of names.",
            valueName: "classes"))
    var classes: String?
    @OptionGroup var target: SplitOutputArguments

    func validate() throws {
        guard (1 ... 1 << 20).contains(shots) else { throw ValidationError("--shots takes 1 or more") }
        if valFromTrain, scheme == .lpclip { throw ValidationError("--val-from-train goes with coop and tip") }
    }

    func run() throws {
        let source = try source.read()
        var drawn = try source.sampled(scheme, shots: shots, seed: seed, valFromTrain: valFromTrain)
        if let classes { drawn = try drawn.selecting(ClassSelection(classes)) }
        try target.publish(drawn, notes: notes(source))
    }

    private func notes(_ source: SplitFile) -> [String] {
        var notes: [String] = []
        let short = source.shortClasses(shots: shots)
        if let least = short.min(by: { $0.items < $1.items }) {
            let names = "\(short.count) of \(source.split.classes.count) classes"
            let way = scheme == .tip ? "filled with repetition" : "taken whole"
            notes.append(
                "\(names) have fewer than \(shots) items and are \(way); '\(least.name)' has \(least.items)")
        }
        if source.split.val.isEmpty, !valFromTrain {
            notes.append("there is no val part to choose settings on; --val-from-train draws one")
        }
        if source.split.origin != nil, source.split.sample == nil, !source.split.train.isEmpty {
            notes.append(
                "the split holds some classes of another; CoOp draws from all first: sample that one with --classes")
        }
        return notes
    }
}

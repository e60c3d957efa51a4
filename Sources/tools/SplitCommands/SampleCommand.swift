internal import ArgumentParser
internal import Command
internal import Core
internal import Splits

struct SampleCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sample",
        abstract: "Sample K items per class, bit for bit as the published code does.",
        discussion: """
            coop is the scheme of CoOp and later work: K items per class of train and min(K, 4) of val. tip is \
            Tip-Adapter's: train only, and classes with fewer items are filled up by repetition. lpclip is that of \
            CoOp's linear probe, with NumPy's generator. The test subset stays whole.
            """)

    @OptionGroup var source: SplitArguments
    @Option(help: "Few-shot sampling scheme: coop, tip or lpclip.")
    var scheme = FewShotSample.Scheme.coop
    @Option(help: "Train items per class.")
    var shots: Int
    @Option(help: "Random seed; published samples use 1, 2 and 3.")
    var seed = 1
    @Flag(help: "If the val subset is empty, as in ImageNet, sample min(K, 4) more train items per class for it.")
    var valFromTrain = false
    @Option(
        help: .value(
            "classes", "After sampling, keep some classes: base, new, names separated by commas, or a file of names."))
    var classes: String?
    @OptionGroup var target: SplitOutputArguments

    func validate() throws {
        guard (1 ... 1 << 20).contains(shots) else { throw ValidationError("--shots takes 1 or more") }
        if valFromTrain, scheme == .lpclip { throw ValidationError("--val-from-train goes with coop and tip") }
    }

    func run() throws {
        let source = try source.read()
        var sampled = try source.sampled(scheme, shots: shots, seed: seed, valFromTrain: valFromTrain)
        if let classes { sampled = try sampled.selecting(ClassSelection(classes)) }
        try target.publish(sampled, notes: notes(source))
    }

    private func notes(_ source: SplitFile) -> [String] {
        var notes: [String] = []
        let short = source.shortClasses(shots: shots)
        if let least = short.min(by: { $0.items < $1.items }) {
            let names = "\(short.count) of \(source.split.classes.count) classes"
            let way = scheme == .tip ? "filled up by repetition" : "taken completely"
            notes.append("\(names) have fewer than \(shots) items and are \(way); '\(least.name)' has \(least.items)")
        }
        if source.split.val.isEmpty, !valFromTrain {
            notes.append("the val subset is empty; --val-from-train samples one")
        }
        if source.split.origin != nil, source.split.sample == nil, !source.split.train.isEmpty {
            notes.append(
                "the split has some classes of another split; for CoOp's items, sample that split with --classes")
        }
        return notes
    }
}

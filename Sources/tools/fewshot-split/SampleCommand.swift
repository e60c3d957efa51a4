public import ArgumentParser
internal import Artifacts
internal import Command
public import Datasets

extension FewShotDraw.Scheme: ExpressibleByArgument {}

struct SampleCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sample",
        abstract: "Draw K items a class, bit for bit as the published code does.")

    @Argument(help: "A split, ours or CoOp's.", completion: .file(extensions: ["json"]))
    var split: String
    @Option(help: "Whose rule: coop, tip or lpclip.")
    var scheme = FewShotDraw.Scheme.coop
    @Option(help: "Items of each class to train on.")
    var shots: Int
    @Option(help: "The seed; the published draws use 1, 2 and 3.")
    var seed = 1
    @Option(help: ArgumentHelp("Whose split CoOp's file is, where its name does not say.", valueName: "name"))
    var dataset: String?
    @Option(name: .shortAndLong, help: ArgumentHelp("The split to write.", valueName: "file"))
    var output: String

    func validate() throws {
        guard (1 ... 1 << 20).contains(shots) else { throw ValidationError("--shots takes 1 or more") }
    }

    func run() throws {
        let source = try SplitFile(path: split, dataset: dataset)
        let drawn = try source.sampled(scheme, shots: shots, seed: seed)
        try drawn.write(to: output)
    }
}

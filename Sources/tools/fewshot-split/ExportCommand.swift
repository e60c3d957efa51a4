public import ArgumentParser
internal import Command
internal import Core
public import SplitExport
internal import Splits

extension SplitFormat: ExpressibleByArgument {}

struct ExportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Write a split as others keep it: CoOp's JSON, cross_modal_adaptation's, Croissant.",
        discussion: """
            coop         split_zhou_*.json, byte for byte as CoOp writes it
            cross-modal  shot_K-seed_S.json, of a draw and its --parent, or with --shots
            croissant    a Croissant 1.1 description (JSON-LD), to lie beside the split

            An output with the same content is reused; any other file is kept unless --replace is given.
            """)

    @OptionGroup var source: SplitArguments
    @Option(help: "What to write: coop, cross-modal or croissant.")
    var format: SplitFormat
    @Option(name: .shortAndLong, help: ArgumentHelp("The file to write.", valueName: "file"))
    var output: String
    @Flag(help: "Replace an output with other content.")
    var replace = false
    @OptionGroup var result: OutputOptions
    @OptionGroup(title: "For cross-modal") var draw: DrawOptions
    @OptionGroup(title: "For croissant") var details: DetailOptions

    func validate() throws {
        guard format == .crossModal || draw.isEmpty else {
            throw ValidationError("--parent, --shots, --seed, --scheme and --data-root go with --format cross-modal")
        }
        guard format == .croissant || details.isEmpty else {
            throw ValidationError("--date, --license, --url, --creator and --citation go with --format croissant")
        }
        guard format != .crossModal || (draw.parent == nil) != (draw.shots == nil) else {
            throw ValidationError(
                "--format cross-modal takes a draw and its --parent, or a whole split and --shots")
        }
    }

    func run() throws {
        let file = try source.read()
        let outcome: SplitOutcome
        var notes: [String] = []
        switch format {
        case .coop: outcome = try file.exportCoOp(to: output, replaces: replace)
        case .crossModal: outcome = try exportCrossModal(file)
        case .croissant:
            let missing: [String]
            (outcome, missing) = try file.exportCroissant(details.details(), to: output, replaces: replace)
            notes = self.notes(file, missing)
        }
        for note in notes { printMessage("note: \(note)") }
        let export = Export(path: output, format: format, outcome: outcome, notes: notes)
        result.print(export, page: export.page)
    }

    private func exportCrossModal(_ file: SplitFile) throws(Fault) -> SplitOutcome {
        let root = draw.dataRoot ?? SplitFile.crossModalDataRoot
        if let path = draw.parent {
            let parent = try SplitFile(path: path, dataset: file.split.dataset)
            return try parent.exportCrossModal(file.rows(in: parent), dataRoot: root, to: output, replaces: replace)
        }
        let rows = try file.rows(draw.scheme ?? .coop, shots: draw.shots ?? 1, seed: draw.seed ?? 1)
        return try file.exportCrossModal(rows, dataRoot: root, to: output, replaces: replace)
    }

    private func notes(_ file: SplitFile, _ missing: [String]) -> [String] {
        var notes: [String] = []
        if !missing.isEmpty {
            notes.append(
                "Croissant also asks for \(missing.joined(separator: ", ")): --license, --url, --creator, --date")
        }
        if parentFolder(of: source.split) != parentFolder(of: output) {
            notes.append("\(output) speaks of \(file.input.name): keep the two in one folder")
        }
        return notes
    }
}

/// What was written, as a reader or a program wants to know it.
private struct Export: Encodable {
    let path: String
    let format: SplitFormat
    let outcome: SplitOutcome
    let notes: [String]

    var page: String { "\(path): \(format.rawValue)\(outcome == .reused ? ", reused" : "")\n" }
}

struct DrawOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The split that the draw is from.", valueName: "split"))
    var parent: String?
    @Option(help: "Draw this many items of each class from a whole split.")
    var shots: Int?
    @Option(help: "The seed of that draw (default: 1).")
    var seed: Int?
    @Option(help: "Whose rule it follows: coop, tip or lpclip (default: coop).")
    var scheme: FewShotSample.Scheme?
    @Option(
        help: ArgumentHelp(
            "What paths in the file start with (default: \(SplitFile.crossModalDataRoot)).", valueName: "folder"))
    var dataRoot: String?

    var isEmpty: Bool { parent == nil && shots == nil && seed == nil && scheme == nil && dataRoot == nil }

    func validate() throws {
        if let shots, !(1 ... 1 << 20).contains(shots) { throw ValidationError("--shots takes 1 or more") }
        guard parent == nil || (seed == nil && scheme == nil) else {
            throw ValidationError("--seed and --scheme go with --shots; a draw has its own")
        }
    }
}

struct DetailOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The day of publication, as 2017-04-30.", valueName: "day"))
    var date: String?
    @Option(help: ArgumentHelp("The licence's address or name (default: the catalog's).", valueName: "licence"))
    var license: String?
    @Option(help: ArgumentHelp("The data set's page (default: the catalog's).", valueName: "address"))
    var url: String?
    @Option(help: ArgumentHelp("Who made the data set.", valueName: "name"))
    var creator: String?
    @Option(help: ArgumentHelp("How to cite it.", valueName: "text"))
    var citation: String?

    var isEmpty: Bool { [date, license, url, creator, citation].allSatisfy { $0 == nil } }

    func details() throws(Fault) -> CroissantDetails {
        try CroissantDetails(license: license, url: url, creator: creator, citation: citation, date: date)
    }
}

public import ArgumentParser
internal import Command
internal import Core
public import SplitExport
internal import Splits

extension SplitFormat: ExpressibleByArgument {}

struct ExportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Write a split in the format of CoOp, cross_modal_adaptation or Croissant, or as CSV.",
        discussion: """
            coop         split_zhou_*.json, byte for byte as CoOp writes it
            cross-modal  shot_K-seed_S.json, from a few-shot sample and its --parent, or with --shots
            croissant    a Croissant 1.1 description (JSON-LD), for the folder of the split
            csv          a table with the columns path, label, class and subset, which 'import list' reads back

            Reuses an output with the same content. Overwrites a different file only with --replace.
            """)

    @OptionGroup var source: SplitArguments
    @Option(help: "The format: coop, cross-modal, croissant or csv.")
    var format: SplitFormat
    @Option(name: .shortAndLong, help: .value("file", "The file to write."))
    var output: String
    @Flag(help: "Overwrite a different file.")
    var replace = false
    @OptionGroup var result: OutputOptions
    @OptionGroup(title: "For cross-modal") var sample: SampleOptions
    @OptionGroup(title: "For croissant") var details: DetailOptions

    func validate() throws {
        guard format == .crossModal || sample.isEmpty else {
            throw ValidationError("--parent, --shots, --seed, --scheme and --data-root go with --format cross-modal")
        }
        guard format == .croissant || details.isEmpty else {
            throw ValidationError("--date, --license, --url, --creator and --citation go with --format croissant")
        }
        guard format != .crossModal || (sample.parent == nil) != (sample.shots == nil) else {
            throw ValidationError(
                "--format cross-modal takes a few-shot sample and its --parent, or a whole split and --shots")
        }
    }

    func run() throws {
        let file = try source.read()
        let outcome: SplitOutcome
        var notes: [String] = []
        switch format {
        case .coop: outcome = try file.exportCoOp(to: output, replaces: replace)
        case .csv:
            outcome = try file.exportCSV(to: output, replaces: replace)
            if file.split.root != "." { notes.append("paths are relative to the folder '\(file.split.root)'") }
        case .crossModal: outcome = try exportCrossModal(file)
        case .croissant:
            let export = try file.exportCroissant(details.details(), to: output, replaces: replace)
            outcome = export.outcome
            notes = self.notes(file, export.missing)
        }
        for note in notes { printMessage("note: \(note)") }
        let export = Export(path: output, format: format, outcome: outcome, notes: notes)
        result.print(export, page: "\(output): \(format.rawValue)\(outcome == .reused ? ", reused" : "")\n")
    }

    private func exportCrossModal(_ file: SplitFile) throws(Fault) -> SplitOutcome {
        let root = sample.dataRoot ?? SplitFile.crossModalDataRoot
        if let path = sample.parent {
            let parent = try SplitFile(path: path, dataset: file.split.dataset)
            return try parent.exportCrossModal(file.sample(in: parent), dataRoot: root, to: output, replaces: replace)
        }
        let rows = try file.sample(sample.scheme ?? .coop, shots: sample.shots ?? 1, seed: sample.seed ?? 1)
        return try file.exportCrossModal(rows, dataRoot: root, to: output, replaces: replace)
    }

    private func notes(_ file: SplitFile, _ missing: [String]) -> [String] {
        var notes: [String] = []
        if !missing.isEmpty {
            notes.append(
                "Croissant also requires \(missing.joined(separator: ", ")): --license, --url, --creator, --date")
        }
        if parentFolder(of: source.split) != parentFolder(of: output) {
            notes.append("\(output) refers to \(file.input.name): keep both in the same folder")
        }
        return notes
    }
}

/// The result of the command as JSON.
private struct Export: Encodable {
    let path: String
    let format: SplitFormat
    let outcome: SplitOutcome
    let notes: [String]
}

/// The few-shot sample to export.
struct SampleOptions: ParsableArguments {
    @Option(help: .value("split", "The split that the sample is from."))
    var parent: String?
    @Option(help: "Sample this many items per class from a whole split.")
    var shots: Int?
    @Option(help: "Seed of the sample (default: 1).")
    var seed: Int?
    @Option(help: "Sampling scheme: coop, tip or lpclip (default: coop).")
    var scheme: FewShotSample.Scheme?
    @Option(help: .value("folder", "Start of the paths in the file (default: \(SplitFile.crossModalDataRoot))."))
    var dataRoot: String?

    var isEmpty: Bool { parent == nil && shots == nil && seed == nil && scheme == nil && dataRoot == nil }

    func validate() throws {
        if let shots, !(1 ... 1 << 20).contains(shots) { throw ValidationError("--shots takes 1 or more") }
        guard parent == nil || (seed == nil && scheme == nil) else {
            throw ValidationError("--seed and --scheme go with --shots; a few-shot sample has its own")
        }
    }
}

/// The fields of a Croissant description that are not in the split.
struct DetailOptions: ParsableArguments {
    @Option(help: .value("date", "Date of publication, such as 2017-04-30."))
    var date: String?
    @Option(help: .value("license", "Address or name of the license (default: the catalog's)."))
    var license: String?
    @Option(help: .value("address", "Address of the data set's page (default: the catalog's)."))
    var url: String?
    @Option(help: .value("name", "Author of the data set."))
    var creator: String?
    @Option(help: .value("text", "Citation."))
    var citation: String?

    var isEmpty: Bool { [date, license, url, creator, citation].allSatisfy { $0 == nil } }

    func details() throws(Fault) -> CroissantDetails {
        try CroissantDetails(license: license, url: url, creator: creator, citation: citation, date: date)
    }
}

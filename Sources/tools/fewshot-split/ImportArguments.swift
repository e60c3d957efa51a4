internal import ArgumentParser
internal import Command
internal import Core
internal import SplitImport
internal import Splits

/// The division of data without subsets, and names.
struct DivisionArguments: ParsableArguments {
    @Option(help: ArgumentHelp("Ratio of each class for validation (default: 0.1).", valueName: "ratio"))
    var val: Double?
    @Option(help: ArgumentHelp("Ratio of each class for testing (default: 0.2).", valueName: "ratio"))
    var test: Double?
    @Option(help: "Seed of the division (default: 1).")
    var seed: Int?
    @Option(help: ArgumentHelp("Name of the data set (default: the name of the folder or file).", valueName: "name"))
    var dataset: String?
    @Flag(help: "Keep the names of folders and labels as class names.")
    var keepNames = false

    func settings() throws(Fault) -> SplitImport.Settings {
        var settings = SplitImport.Settings()
        settings.dataset = dataset
        settings.keepsNames = keepNames
        if val != nil || test != nil || seed != nil {
            settings.ratios = try SubsetRatios(val: val, test: test, seed: seed)
        }
        return settings
    }
}

/// Class names for numeric labels.
struct ClassListArguments: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Class names for numeric labels: a JSON list, or a text file with one name per line, starting at label 0.",
            valueName: "file"), completion: .file())
    var classes: String?
}

/// The split that an import writes.
struct ImportTarget: ParsableArguments {
    @OptionGroup var file: SplitOutputArguments

    /// Checks that the output is not the input.
    func check(_ input: String) throws(Fault) {
        guard input == file.output else { return }
        throw Fault(
            .usage, file.output, found: "the same file as input and output", expected: "another output file",
            remedy: "choose another output")
    }

    /// Publishes an imported split and prints the next commands, with `root` as the data root.
    func publish(_ imported: ImportedSplit, root: String?) throws(Fault) {
        let outcome = try imported.split.publish(to: file.output, replaces: file.replace)
        let report = ImportReport(imported, path: file.output, outcome: outcome, root: root)
        file.result.print(report, page: report.page)
    }
}

/// The result of the command, as text and as JSON.
private struct ImportReport: Encodable {
    struct Class: Encodable {
        let found: String
        let name: String
        let items: Int
    }

    let path: String
    let outcome: SplitOutcome
    let dataset: String
    let root: String
    let train: Int
    let val: Int
    let test: Int
    let classes: [Class]
    let notes: [String]
    let next: [String]

    init(_ imported: ImportedSplit, path: String, outcome: SplitOutcome, root: String?) {
        let split = imported.split
        self.path = path
        self.outcome = outcome
        notes = imported.notes
        dataset = split.dataset
        self.root = split.root
        train = split.train.count
        val = split.val.count
        test = split.test.count
        var items = [Int](repeating: 0, count: split.classes.count)
        for subset in Subset.allCases {
            for (label, count) in split[subset].counts(classCount: items.count).enumerated() { items[label] += count }
        }
        classes = zip(imported.names, items).map { Class(found: $0.found, name: $0.name, items: $1) }
        let stem =
            [".split.json", ".json"].first(where: path.hasSuffix).map { String(path.dropLast($0.count)) } ?? path
        next = [
            "fewshot-split check \(shellWord(path)) --root \(root.map(shellWord) ?? "FOLDER")",
            "fewshot-split sample \(shellWord(path)) --shots 16 -o \(shellWord("\(stem).16shot.s1.split.json"))",
        ]
    }

    var page: String {
        var lines = [
            "\(path): \(outcome.rawValue)",
            "  \(dataset): \(classes.count) \(classes.count == 1 ? "class" : "classes"), "
                + "\(train + val + test) items: train \(train), val \(val), test \(test)",
        ]
        if let least = classes.min(by: { $0.items < $1.items }), let most = classes.max(by: { $0.items < $1.items }) {
            lines.append(
                least.items == most.items
                    ? "  \(least.items) items per class"
                    : "  smallest class: '\(least.name)' with \(least.items), "
                        + "largest: '\(most.name)' with \(most.items)"
            )
        }
        let changed = classes.filter { $0.found != $0.name }
        if !changed.isEmpty {
            lines.append("changed class names (--keep-names keeps the original ones):")
            lines += changed.map { "  \($0.found) -> \($0.name)" }
        }
        if !notes.isEmpty { lines += ["notes:"] + notes.map { "  \($0)" } }
        lines += ["next:"] + next.map { "  \($0)" }
        // File names may contain line breaks.
        return lines.map { String($0.map { $0.isNewline ? " " : $0 }) + "\n" }.joined()
    }
}

internal import ArgumentParser
internal import Command
internal import Core
internal import SplitImport
internal import Splits

/// How data without parts is cut, and what it is called.
struct CutArguments: ParsableArguments {
    @Option(help: ArgumentHelp("How much of each class to choose settings on (default: 0.1).", valueName: "ratio"))
    var val: Double?
    @Option(help: ArgumentHelp("How much of each class to test on (default: 0.2).", valueName: "ratio"))
    var test: Double?
    @Option(help: "Which items these are (default: 1).")
    var seed: Int?
    @Option(help: ArgumentHelp("What to call the data set (default: as the folder or file).", valueName: "name"))
    var dataset: String?
    @Flag(help: "Leave class names as folders and labels say them.")
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

/// Names for labels that are numbers.
struct ClassListArguments: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The names of classes where labels are numbers: a JSON list, or a name a line, the first one for 0.",
            valueName: "file"), completion: .file())
    var classes: String?
}

/// The split that an import writes.
struct ImportTarget: ParsableArguments {
    @OptionGroup var file: SplitOutputArguments

    /// Refuses to replace what is to be imported.
    func check(_ inputs: String...) throws(Fault) {
        guard inputs.contains(file.output) else { return }
        throw Fault(
            .usage, file.output, found: "the same file as input and output", expected: "a split of its own",
            remedy: "choose another output")
    }

    /// Publishes what was imported, and says what to do next with images below `root`.
    func publish(_ imported: ImportedSplit, root: String?) throws(Fault) {
        let outcome = try imported.split.publish(to: file.output, replaces: file.replace)
        let report = ImportReport(imported, path: file.output, outcome: outcome, root: root)
        file.result.print(report, page: report.page)
    }
}

/// What was imported, as a reader or a program wants to know it.
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
        (self.path, self.outcome, notes) = (path, outcome, imported.notes)
        (dataset, self.root) = (split.dataset, split.root)
        (train, val, test) = (split.train.count, split.val.count, split.test.count)
        var items = [Int](repeating: 0, count: split.classes.count)
        for part in Subset.allCases {
            for (label, count) in split[part].counts(classCount: items.count).enumerated() { items[label] += count }
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
                    ? "  each class has \(least.items)"
                    : "  smallest class: '\(least.name)' with \(least.items), "
                        + "largest: '\(most.name)' with \(most.items)"
            )
        }
        let changed = classes.filter { $0.found != $0.name }
        if !changed.isEmpty {
            lines.append("names (--keep-names leaves them as they are):")
            lines += changed.map { "  \($0.found) -> \($0.name)" }
        }
        if !notes.isEmpty { lines += ["notes:"] + notes.map { "  \($0)" } }
        lines += ["next:"] + next.map { "  \($0)" }
        // What files are called may have line ends in it.
        return lines.map { String($0.map { $0.isNewline ? " " : $0 }) + "\n" }.joined()
    }
}

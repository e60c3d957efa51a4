internal import ArgumentParser
internal import Command
internal import Core
internal import SplitImport
internal import Splits

/// The division of data without subsets, names, and the split that an import writes.
struct ImportArguments: ParsableArguments {
    @Option(help: .value("ratio", "Ratio of each class for validation (default: 0.1)."))
    var val: Double?
    @Option(help: .value("ratio", "Ratio of each class for testing (default: 0.2)."))
    var test: Double?
    @Option(help: "Seed of the division (default: 1).")
    var seed: Int?
    @Option(
        help: .value(
            "rule",
            "Keep groups of items in one subset: folder for those of each folder, or a regular expression whose group "
                + "is the scene, video or patient in a path, such as '(patient[0-9]+)_'."))
    var group: String?
    @Option(
        help: .value(
            "split",
            "A former split of these images: its items keep their subsets, also in another class, and new items are "
                + "divided with its --val, --test and --seed."),
        completion: .file(extensions: ["json"]))
    var keep: String?
    @Option(help: .value("name", "Name of the data set (default: the name of the folder or file)."))
    var dataset: String?
    @Flag(help: "Keep the names of folders and labels as class names.")
    var keepNames = false

    @OptionGroup var target: SplitOutputArguments

    /// Runs `work` with these and the given settings, publishes the split, and prints the next commands.
    ///
    /// None of `inputs`, the files that `work` reads, may be the output.
    func run(
        _ label: String, unit: String, inputs: [String] = [], _ given: SplitImport.Settings = SplitImport.Settings(),
        _ work: @escaping (SplitImport.Settings, SplitImport.Progress) throws(Fault) -> ImportedSplit
    ) throws(Fault) {
        for input in inputs { try target.check(input) }
        var settings = given
        settings.kept = try keptSplit()
        settings.dataset = dataset ?? settings.kept?.split.dataset
        settings.keepsNames = keepNames
        let standard = settings.kept.flatMap { SubsetRatios(of: $0.split) }
        if val != nil || test != nil || seed != nil || standard != nil {
            settings.ratios = try SubsetRatios(val: val, test: test, seed: seed, standard: standard ?? .standard)
        }
        settings.groups = try group.map { rule throws(Fault) in try ItemGroups(rule) }
        let imported = try withProgress(label, unit: unit) { [settings] progress throws(Fault) in
            try work(settings, progress)
        }
        try target.publish(imported, former: settings.kept?.split)
    }

    private func keptSplit() throws(Fault) -> SplitFile? {
        guard let keep else { return nil }
        let kept = try SplitFile(path: keep)
        if let sample = kept.split.sample {
            throw Fault(
                .usage, keep, found: "a few-shot sample of \(sample.shots) shots", expected: "a whole split to keep",
                remedy: "name the split that it was sampled from")
        }
        return kept
    }
}

/// Class names for numeric labels.
struct ClassListArguments: ParsableArguments {
    @Option(
        help: .value(
            "file",
            """
            Class names for numeric labels: a text file with one name per line, starting at label 0 or with the label \
            before each name; a table with a header; a JSON list or object; or the 'names' of a YAML file.
            """),
        completion: .file())
    var classes: String?
    @Option(
        help: .value(
            "choice",
            "Images with several labels: refuse them, keep the first label, or omit them. (default: refuse)"))
    var severalLabels: SplitImport.SeveralLabels?

    /// The settings of an import with these names.
    var settings: SplitImport.Settings {
        var settings = SplitImport.Settings()
        settings.classes = classes
        settings.severalLabels = severalLabels ?? .refuse
        return settings
    }
}

extension SplitOutputArguments {
    /// Checks that the output is not the input.
    func check(_ input: String) throws(Fault) {
        guard input == output else { return }
        throw Fault(
            .usage, output, found: "the same file as input and output", expected: "another output file",
            remedy: "choose another output")
    }

    /// Publishes an imported split and prints the next commands.
    ///
    /// Changes are those from `former`, or else from the split that is replaced.
    func publish(_ imported: ImportedSplit, former: Split? = nil) throws(Fault) {
        let former = former ?? (replace ? try? SplitFile(path: output).split : nil)
        let outcome: SplitOutcome
        do throws(Fault) { outcome = try imported.split.publish(to: output, replaces: replace) } catch {
            let isDivided = imported.split.provenance.settings["division"] != nil
            guard isDivided, error.status == .cannotCreate, case .file = FileKind(at: output) else { throw error }
            throw error.with(
                remedy: error.remedy + "; add \(option: "keep", shellWord(output)) to keep the subsets of its items")
        }
        var report = ImportReport(imported, path: output, outcome: outcome)
        report.changes = former.map { SplitChanges(from: $0, to: imported.split) }
        result.print(report, page: report.page)
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
    var changes: SplitChanges?
    let notes: [String]
    let next: [String]

    init(_ imported: ImportedSplit, path: String, outcome: SplitOutcome) {
        let split = imported.split
        self.path = path
        self.outcome = outcome
        notes = imported.notes
        dataset = split.dataset
        self.root = split.root
        train = split.train.count
        val = split.val.count
        test = split.test.count
        let counts = Subset.allCases.map { split[$0].counts(classCount: split.classes.count) }
        classes = split.classes.indices.map { label in
            let items = counts.reduce(0) { $0 + $1[label] }
            return Class(found: imported.foundNames[label], name: split.classes[label], items: items)
        }
        let stem =
            [".split.json", ".json"].first(where: path.hasSuffix).map { String(path.dropLast($0.count)) } ?? path
        next = [
            "fewshot-split check \(shellWord(path)) --root \(imported.root.map(shellWord) ?? "FOLDER")",
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
        lines += changes?.lines.enumerated().map { $0 == 0 ? "changes: \($1)" : $1 } ?? []
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

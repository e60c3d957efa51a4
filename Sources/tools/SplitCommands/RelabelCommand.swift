internal import ArgumentParser
internal import Command
internal import Core
internal import SplitImport
internal import Splits

struct RelabelCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "relabel",
        abstract: "Correct the classes of some items, which keep their subsets.",
        discussion: """
            relabel mine.split.json --set cats/7.jpg=dog -o mine.split.json --replace
            relabel mine.split.json --from corrections.csv -o corrected.split.json

            A table has the columns path and label, as for 'import list', or those that --path-column and \
            --label-column name. Paths may be longer or shorter than the split's, if they name one item. Afterwards \
            'fewshot-features build --extend' brings the features up to date, without encoding the images again.
            """)

    @OptionGroup var source: SplitArguments
    @Option(name: .customLong("set"), help: .value("path=class", "An item and its class. May be repeated."))
    var assignments: [String] = []
    @Option(
        help: .value("table", "A CSV or TSV table of corrected items. May be repeated."),
        completion: .file(extensions: ["csv", "tsv"]))
    var from: [String] = []
    @Option(help: .value("name", "The column of paths."))
    var pathColumn: String?
    @Option(help: .value("name", "The column of classes."))
    var labelColumn: String?
    @Flag(help: "Add names that the split does not have as classes; otherwise they are an error.")
    var newClasses = false
    @OptionGroup var target: SplitOutputArguments

    func validate() throws {
        guard !assignments.isEmpty || !from.isEmpty else {
            throw ValidationError("give --set PATH=CLASS or --from TABLE")
        }
    }

    func run() throws {
        let file = try source.read()
        let columns = ColumnNames(path: pathColumn, label: labelColumn)
        var corrections = try from.flatMap { path in try LabelCorrection.list(path, columns: columns) }
        corrections += try assignments.map { assignment in try Self.correction(assignment, in: file.split) }
        let inputs = try from.map { path in try Input(reading: path, as: "labels") }
        let split = try file.relabeled(corrections, addsClasses: newClasses, inputs: inputs)
        let changes = SplitChanges(from: file.split, to: split)
        let added = split.classes.dropFirst(file.split.classes.count)
        var notes = added.isEmpty ? [] : ["new classes: \(added.joined(separator: ", "))"]
        let counts = Subset.allCases.map { split[$0].counts(classCount: split.classes.count) }
        let empty = split.classes.indices.filter { label in counts.allSatisfy { $0[label] == 0 } }
        if !empty.isEmpty {
            notes.append("classes without items: \(empty.map { split.classes[$0] }.joined(separator: ", "))")
        }
        try target.publish(split, notes: notes, changes: changes)
    }

    /// Reads `path=class`, in which both may contain `=`: the path is that of an item if there is one.
    private static func correction(_ text: String, in split: Split) throws(Fault) -> LabelCorrection {
        let signs = text.indices.filter { text[$0] == "=" }
        func parts(_ sign: String.Index) -> (path: String, name: String) {
            (String(text[..<sign]), String(text[text.index(after: sign)...]))
        }
        let paths = signs.count < 2 ? [] : Subset.allCases.flatMap { split[$0].map(\.path) }
        let sign = signs.last { sign in paths.contains(parts(sign).path) } ?? signs.last
        guard let sign, !parts(sign).path.isEmpty, !parts(sign).name.isEmpty else {
            throw Fault(
                .usage, "--set", found: "'\(text)'", expected: "a path, '=' and a class", remedy: "correct it")
        }
        return LabelCorrection(path: parts(sign).path, className: parts(sign).name, place: "--set")
    }
}

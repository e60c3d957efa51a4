public import Core

/// A selection of a split's classes.
public enum ClassSelection: Sendable, Equatable {
    /// The first half of the classes, rounded up, on which base-to-new studies train.
    case base
    /// The second half, on which base-to-new studies test classes without training items.
    case new
    /// The classes with these names.
    case names([String])

    /// The selection in the provenance; the labels themselves are in the split's origin.
    var name: String {
        switch self {
        case .base: "base"
        case .new: "new"
        case .names(let names): "\(names.count) names"
        }
    }

    /// Parses `base`, `new`, the path of a list of names, or names separated by commas.
    ///
    /// A list is a JSON list, or a text file with one name per line.
    ///
    /// - Throws: `badData` if the list cannot be read, `configuration` if there is no name.
    public init(_ text: String) throws(Fault) {
        switch text {
        case "base": self = .base
        case "new": self = .new
        default:
            if case .file = try FileKind.found(at: text) {
                self = .names(try NameList(path: text).names)
                return
            }
            let names = text.split(separator: ",").map { $0.withoutOuterSpaces }
            guard !names.isEmpty else {
                throw .configuration(
                    option: "classes", found: "no name",
                    expected: "base, new, names with commas between them, or a file of names",
                    remedy: "name the classes")
            }
            self = .names(names)
        }
    }
}

extension SplitFile {
    /// Returns the split with the selected classes; its provenance names this file.
    ///
    /// - Throws: `configuration` if a name is unknown, repeated or shared by two classes.
    public func selecting(_ selection: ClassSelection) throws(Fault) -> Split {
        var source = split
        source.provenance = Provenance(tool: "fewshot-split", inputs: [input], settings: [:])
        return try source.selecting(selection)
    }
}

extension Split {
    /// Returns the split with the selected classes, in their order and relabeled from 0.
    ///
    /// Base and new are the halves of the classes with train items (of all classes if there are no train items), as in
    /// CoOp's `subsample_classes`. To get CoOp's few-shot items, sample first and select then.
    ///
    /// - Throws: `configuration` if a name is unknown, repeated or shared by two classes.
    public func selecting(_ selection: ClassSelection) throws(Fault) -> Split {
        let counts = (train.isEmpty ? test : train).counts(classCount: classes.count)
        let labels = try selection.labels(among: classes, present: counts.indices.filter { counts[$0] > 0 })
        var relabel = [Int32?](repeating: nil, count: classes.count)
        for (new, old) in labels.enumerated() { relabel[old] = Int32(new) }
        var selected = self
        selected.classes = labels.map { classes[$0] }
        selected.origin = ClassOrigin(
            dataset: origin?.dataset ?? dataset, labels: labels.map { origin?.labels[$0] ?? $0 })
        for subset in Subset.allCases { selected[subset] = self[subset].relabeled(relabel) }
        selected.provenance.settings["classes"] = selection.name
        return selected
    }
}

extension ClassSelection {
    /// Returns the labels of the selected classes, ascending.
    ///
    /// Base and new are the halves of the labels in `present`, or of all labels if it is nil.
    ///
    /// - Throws: `configuration` if a name is unknown, repeated or shared by two classes.
    package func labels(among classes: [String], present: [Int]?) throws(Fault) -> [Int] {
        let present = present ?? Array(classes.indices)
        let half = (present.count + 1) / 2
        switch self {
        case .base: return Array(present.prefix(half))
        case .new: return Array(present.dropFirst(half))
        case .names(let names): return try Self.labels(of: names, among: classes)
        }
    }

    private static func labels(of names: [String], among classes: [String]) throws(Fault) -> [Int] {
        var labels: Set<Int> = []
        for name in names {
            let found = classes.indices.filter { classes[$0] == name }
            guard found.count < 2 else {
                throw .configuration(
                    option: "classes", found: "'\(name)', the name of \(found.count) classes",
                    expected: "names of one class each", remedy: "leave out the name")
            }
            guard let label = found.first else {
                let near = nearestNames(to: name, among: classes).map { "'\($0)'" }.joined(separator: ", ")
                throw .configuration(
                    option: "classes", found: "'\(name)'", expected: "one of the \(classes.count) classes",
                    remedy: near.isEmpty ? "\(action: .showClasses)" : "the most similar names are \(near)")
            }
            guard labels.insert(label).inserted else {
                throw .configuration(
                    option: "classes", found: "'\(name)' twice", expected: "each class once", remedy: "name it once")
            }
        }
        return labels.sorted()
    }
}

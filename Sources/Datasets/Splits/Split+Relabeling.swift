public import Core

/// A corrected label: an item's path and the name of its class.
public struct LabelCorrection: Sendable, Equatable {
    /// The item's path, or its last part if no other item has it.
    public let path: String
    /// The class name; a label's number if no class has this name.
    public let className: String
    /// The place of the correction, for error messages.
    public let place: String

    /// A correction at `place`.
    public init(path: String, className: String, place: String) {
        self.path = path
        self.className = className
        self.place = place
    }
}

extension SplitFile {
    /// Returns the split with corrected labels; all items keep their subsets and their order.
    ///
    /// With `addsClasses`, unknown names are added behind the other classes. Classes without items are kept, as labels
    /// are indices. `inputs` are the files that the corrections are from.
    ///
    /// - Throws: `badData` naming the place of an unknown path or class, or of two classes for one item, or if the
    ///   split is a few-shot sample.
    public func relabeled(
        _ corrections: [LabelCorrection], addsClasses: Bool = false, inputs: [Input] = []
    ) throws(Fault) -> Split {
        if let sample = split.sample {
            throw .badData(
                input.name, found: "a few-shot sample of \(sample.shots) shots", expected: "a whole split",
                remedy: "correct the split that it was sampled from, and sample again")
        }
        var relabeled = split
        var labels = LabelLookup(split.classes, addsClasses: addsClasses && split.origin == nil, file: input.name)
        let items = ItemLookup(split, file: input.name)
        var corrected: [ItemLookup.Place: (label: Int, place: String)] = [:]
        for correction in corrections {
            let label = try labels.label(of: correction)
            for place in try items.places(of: correction) {
                if let other = corrected[place], other.label != label {
                    throw .badData(
                        correction.place, found: "'\(labels.classes[label])' for '\(correction.path)'",
                        expected: "'\(labels.classes[other.label])', as at \(other.place)",
                        remedy: "give each item one class")
                }
                corrected[place] = (label, correction.place)
            }
        }
        for subset in Subset.allCases {
            let rows = corrected.filter { $0.key.subset == subset }
            relabeled[subset].relabel(Dictionary(uniqueKeysWithValues: rows.map { ($0.key.row, $0.value.label) }))
        }
        relabeled.classes = labels.classes
        if relabeled != split {
            relabeled.provenance = Provenance(
                tool: "fewshot-split", inputs: [input] + inputs,
                settings: split.provenance.settings.merging(["relabeled": "\(corrected.count)"]) { $1 })
        }
        return relabeled
    }
}

extension ItemList {
    /// Replaces the labels of the items at some rows.
    fileprivate mutating func relabel(_ labels: [Int: Int]) {
        guard !labels.isEmpty else { return }
        var list = ItemList()
        for row in indices { list.append(self[row].path, label: labels[row] ?? Int(self.labels[row])) }
        self = list
    }
}

/// The classes that corrections name.
private struct LabelLookup {
    private(set) var classes: [String]
    private let addsClasses: Bool
    private let file: String

    init(_ classes: [String], addsClasses: Bool, file: String) {
        self.classes = classes
        self.addsClasses = addsClasses
        self.file = file
    }

    mutating func label(of correction: LabelCorrection) throws(Fault) -> Int {
        let name = correction.className
        if let label = classes.firstIndex(where: { $0.utf8.elementsEqual(name.utf8) }) { return label }
        let near = classes.indices.filter { ClassName.loosely(classes[$0]) == ClassName.loosely(name) }
        if near.count == 1 { return near[0] }
        if let label = Int(name), classes.indices.contains(label) { return label }
        guard addsClasses, !name.allSatisfy(\.isWhitespace) else {
            let names = nearestNames(to: name, among: classes).map { "'\($0)'" }.joined(separator: " or ")
            throw .badData(
                correction.place, found: "the class '\(name)' for '\(correction.path)'",
                expected: names.isEmpty ? "one of the \(classes.count) classes of \(file)" : names,
                remedy: "correct the name, or add the class with \(option: "new_classes")")
        }
        classes.append(name)
        return classes.count - 1
    }
}

/// The items that corrections name.
private struct ItemLookup {
    struct Place: Hashable {
        let subset: Subset
        let row: Int
    }

    private let split: Split
    private let file: String
    /// The items with each file name.
    private var places: [String: [Place]] = [:]

    init(_ split: Split, file: String) {
        self.split = split
        self.file = file
        for subset in Subset.allCases {
            for row in split[subset].indices {
                places[lastComponent(of: split[subset][row].path), default: []].append(Place(subset: subset, row: row))
            }
        }
    }

    /// The items at the path of a correction: those with an equal path, with the longest path that it ends in, or with
    /// the only path that ends in it.
    func places(of correction: LabelCorrection) throws(Fault) -> [Place] {
        let path = correction.path.hasPrefix("./") ? String(correction.path.dropFirst(2)) : correction.path
        let candidates = places[lastComponent(of: path)] ?? []
        func matches(_ isMeant: (String) -> Bool) -> [Place] {
            candidates.filter { isMeant(split[$0.subset][$0.row].path) }
        }
        let equal = matches { $0 == path }
        if !equal.isEmpty { return equal }
        let inside = matches { path.hasSuffix("/\($0)") }
        let longest = inside.map { split[$0.subset][$0.row].path.utf8.count }.max()
        if let longest { return inside.filter { split[$0.subset][$0.row].path.utf8.count == longest } }
        let ending = matches { $0.hasSuffix("/\(path)") }
        guard Set(ending.map { split[$0.subset][$0.row].path }).count == 1 else {
            let paths = ending.prefix(3).map { "'\(split[$0.subset][$0.row].path)'" }.joined(separator: ", ")
            throw .badData(
                correction.place, found: "'\(correction.path)'",
                expected: ending.isEmpty ? "an item of \(file)" : "one item, not \(ending.count): \(paths)",
                remedy: "write paths as in the split's file")
        }
        return ending
    }
}

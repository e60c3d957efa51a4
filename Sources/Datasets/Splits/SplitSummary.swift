public import Catalog
public import Core

/// The content of a split, for a reader.
public struct SplitSummary: Sendable, Codable {
    /// One class and its number of items.
    public struct ClassCounts: Sendable, Codable, Equatable {
        /// The class name.
        public let name: String
        /// The label.
        public let label: Int
        /// The number of items of each subset.
        public let items: SubsetCounts
    }

    /// The file's name.
    public let file: String
    /// The SHA-256 of the file.
    public let digest: Digest
    /// The data set's name.
    public let dataset: String
    /// The name that papers use; nil if the data set is not in the catalog.
    public let title: String?
    /// The folder of the items' paths, relative to the data root.
    public let root: String
    /// The number of items of each subset.
    public let items: SubsetCounts
    /// The classes in label order [C].
    public let classes: [ClassCounts]
    /// The parameters of the few-shot sample; nil for a whole split.
    public let sample: SampleRecord?
    /// The labels in another data set; nil if the split has classes of its own.
    public let origin: ClassOrigin?
    /// The tool, inputs and settings that made the split.
    public let provenance: Provenance

    private enum CodingKeys: String, CodingKey {
        case file, digest, dataset, title, root, items, classes, origin, provenance
        case sample = "draw"
    }

    /// The summary of the split in `file`.
    public init(_ file: SplitFile) {
        let split = file.split
        self.file = file.input.name
        digest = file.input.digest
        dataset = split.dataset
        root = split.root
        provenance = split.provenance
        title = Catalog.entry(named: split.dataset)?.title
        items = SubsetCounts(split.train.count, split.val.count, split.test.count)
        let counts = Subset.allCases.map { split[$0].counts(classCount: split.classes.count) }
        classes = split.classes.enumerated().map { label, name in
            ClassCounts(
                name: name, label: label, items: SubsetCounts(counts[0][label], counts[1][label], counts[2][label]))
        }
        sample = split.sample
        origin = split.origin
    }

    /// The summary as lines of text.
    public var page: String {
        var rows = [("split", file), ("data set", title.map { "\(dataset) (\($0))" } ?? dataset)]
        rows.append(("images in", root == "." ? "the data root itself" : "\(root), below the data root"))
        rows.append(("classes", "\(classes.count)"))
        rows += [("train", line(\.train)), ("val", line(\.val)), ("test", line(\.test))]
        if let sample {
            rows.append(("sample", "\(sample.shots) shots, seed \(sample.seed), scheme \(sample.scheme.rawValue)"))
            rows.append(("parent", "\(sample.parent)"))
        }
        if let origin { rows.append(("labels of", "\(origin.dataset), \(origin.labels.count) of its classes")) }
        // A CoOp split lists its own file as the source.
        let sources = provenance.inputs.filter { $0.digest != digest && $0.digest != sample?.parent }
        rows += sources.map { ("made from", "\($0.role) \($0.name)") }
        rows.append(("SHA-256", "\(digest)"))
        return rows.map { "\($0.0.padded(to: 10))  \($0.1)\n" }.joined()
    }

    /// The number of items of a subset, and the classes with the fewest and the most items.
    private func line(_ subset: KeyPath<SubsetCounts, Int>) -> String {
        let count = items[keyPath: subset]
        let sizes = classes.map { $0.items[keyPath: subset] }
        guard count > 0, let least = sizes.min(), let most = sizes.max() else { return "no items" }
        guard least < most else { return "\(count) items, \(least) per class" }
        return "\(count) items, from \(least) (\(names(least, subset))) to \(most) (\(names(most, subset)))"
    }

    private func names(_ size: Int, _ subset: KeyPath<SubsetCounts, Int>) -> String {
        let names = classes.filter { $0.items[keyPath: subset] == size }.map(\.name)
        return names.count == 1 ? names[0] : "\(names[0]) and \(names.count - 1) other\(names.count == 2 ? "" : "s")"
    }

    /// Returns the labels of the class named `name`.
    ///
    /// If no class has exactly this name, case and underscores are ignored.
    ///
    /// - Throws: `badData` with similar names if there is no such class, or if several are meant.
    public func labels(of name: String) throws(Fault) -> [Int] {
        let exact = classes.filter { $0.name == name }
        let found = exact.isEmpty ? classes.filter { ClassName.loosely($0.name) == ClassName.loosely(name) } : exact
        guard let first = found.first, found.allSatisfy({ $0.name == first.name }) else {
            let near = found.isEmpty ? nearestNames(to: name, among: classes.map(\.name)) : found.map(\.name)
            throw .badData(
                file, found: "no class '\(name)'",
                expected: near.isEmpty
                    ? "one of its \(classes.count) classes" : near.map { "'\($0)'" }.joined(separator: " or "),
                remedy: "list its classes with \(option: "json")")
        }
        return found.map(\.label)
    }

    /// Returns one class as a line of text: its name, label and number of items of each subset.
    public func line(of label: Int) -> String {
        let items = classes[label].items
        return "\(classes[label].name): label \(label), \(items.train) train, \(items.val) val, \(items.test) test\n"
    }
}

internal import Catalog
public import Core

/// What a split holds, for a reader.
public struct SplitSummary: Sendable, Codable {
    public struct Counts: Sendable, Codable, Equatable {
        public let train: Int
        public let val: Int
        public let test: Int
    }

    public struct ClassCounts: Sendable, Codable, Equatable {
        public let name: String
        public let label: Int
        public let items: Counts
    }

    public struct Sample: Sendable, Codable, Equatable {
        public let scheme: FewShotSample.Scheme
        public let shots: Int
        public let seed: Int
        public let parent: Digest
    }

    public struct Origin: Sendable, Codable, Equatable {
        public let dataset: String
        public let labels: [Int]
    }

    public let file: String
    public let digest: Digest
    public let dataset: String
    /// As papers name the data set; nil if the catalog does not know it.
    public let title: String?
    public let root: String
    public let items: Counts
    /// In the order of labels [C].
    public let classes: [ClassCounts]
    public let sample: Sample?
    public let origin: Origin?
    public let provenance: Provenance

    private enum CodingKeys: String, CodingKey {
        case file, digest, dataset, title, root, items, classes, origin, provenance
        case sample = "draw"
    }

    public init(_ file: SplitFile) {
        let split = file.split
        (self.file, digest) = (file.input.name, file.input.digest)
        (dataset, root, provenance) = (split.dataset, split.root, split.provenance)
        title = Catalog.entry(named: split.dataset)?.title
        items = Counts(train: split.train.count, val: split.val.count, test: split.test.count)
        let counts = Subset.allCases.map { split[$0].counts(classCount: split.classes.count) }
        classes = split.classes.enumerated().map { label, name in
            ClassCounts(
                name: name, label: label,
                items: Counts(train: counts[0][label], val: counts[1][label], test: counts[2][label]))
        }
        sample = split.sample.map { Sample(scheme: $0.scheme, shots: $0.shots, seed: $0.seed, parent: $0.parent) }
        origin = split.origin.map { Origin(dataset: $0.dataset, labels: $0.labels) }
    }

    /// The summary in lines.
    public var page: String {
        var rows = [("split", file), ("data set", title.map { "\(dataset) (\($0))" } ?? dataset)]
        rows.append(("images in", root == "." ? "the data root itself" : "\(root), below the data root"))
        rows.append(("classes", "\(classes.count)"))
        rows += [("train", line(\.train)), ("val", line(\.val)), ("test", line(\.test))]
        if let sample {
            rows.append(("drawn", "\(sample.shots) shots, seed \(sample.seed), scheme \(sample.scheme.rawValue)"))
            rows.append(("drawn from", "\(sample.parent)"))
        }
        if let origin { rows.append(("labels of", "\(origin.dataset), \(origin.labels.count) of its classes")) }
        // CoOp's file is its own source.
        let sources = provenance.inputs.filter { $0.digest != digest && $0.digest != sample?.parent }
        rows += sources.map { ("made from", "\($0.role) \($0.name)") }
        rows.append(("SHA-256", "\(digest)"))
        return rows.map { "\($0.0.padded(to: 10))  \($0.1)\n" }.joined()
    }

    /// How many items a part has, and the classes with the fewest and the most.
    private func line(_ part: KeyPath<Counts, Int>) -> String {
        let count = items[keyPath: part]
        let sizes = classes.map { $0.items[keyPath: part] }
        guard count > 0, let least = sizes.min(), let most = sizes.max() else { return "no items" }
        guard least < most else { return "\(count) items, \(least) of each class" }
        return "\(count) items, from \(least) (\(names(least, part))) to \(most) (\(names(most, part)))"
    }

    private func names(_ size: Int, _ part: KeyPath<Counts, Int>) -> String {
        let names = classes.filter { $0.items[keyPath: part] == size }.map(\.name)
        return names.count == 1 ? names[0] : "\(names[0]) and \(names.count - 1) other\(names.count == 2 ? "" : "s")"
    }

    /// The labels of the class called `name`.
    ///
    /// Where that names one class, case does not count and underscores are spaces.
    ///
    /// - Throws: `badData` with the names that are near.
    public func labels(of name: String) throws(Fault) -> [Int] {
        let exact = classes.filter { $0.name == name }
        let found = exact.isEmpty ? classes.filter { ClassName.loosely($0.name) == ClassName.loosely(name) } : exact
        guard let first = found.first, found.allSatisfy({ $0.name == first.name }) else {
            let near = found.isEmpty ? nearestNames(to: name, among: classes.map(\.name)) : found.map(\.name)
            throw .badData(
                file, found: "no class '\(name)'",
                expected: near.isEmpty
                    ? "one of its \(classes.count) classes" : near.map { "'\($0)'" }.joined(separator: " or "),
                remedy: "see its classes with --json")
        }
        return found.map(\.label)
    }

    /// One class in a line: its name, label and how many items each part has of it.
    public func line(of label: Int) -> String {
        let (name, items) = (classes[label].name, classes[label].items)
        return "\(name): label \(label), \(items.train) train, \(items.val) val, \(items.test) test\n"
    }
}

extension String {
    fileprivate func padded(to width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }
}

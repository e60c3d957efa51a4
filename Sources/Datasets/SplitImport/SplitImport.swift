internal import Core
public import Splits

/// The import of a user's own images: folders, lists and archives.
public enum SplitImport {
    /// The settings that all imports share.
    public struct Settings: Sendable {
        /// The data set's name; nil for the name of the folder or file.
        public var dataset: String?
        /// Whether class names are kept as found, instead of being cleaned up for prompts.
        public var keepsNames = false
        /// The ratios for dividing the items into subsets; nil for the default ratios, or the data's own subsets.
        public var ratios: SubsetRatios?
        /// A file with class names, for numeric labels.
        public var classes: String?

        /// The default settings.
        public init() {}
    }
}

/// An imported split, with notes on the import.
public struct ImportedSplit: Sendable {
    /// The name of one class before and after the cleanup.
    public struct ClassName: Sendable, Equatable {
        /// The name of the folder or label.
        public let found: String
        /// The name in the split.
        public let name: String
    }

    /// The split.
    public let split: Split
    /// The names of all classes, in label order [C].
    public let names: [ClassName]
    /// Sentences on files that were left out and on likely mistakes.
    public let notes: [String]
}

/// The source of class names.
enum FoundClasses {
    /// The names found as labels; a label is an index into this list.
    case found([String])
    /// A user's list of names, into which labels are indices.
    case given([String])
    /// The data's own list of names, into which labels are indices.
    case numbered([String])
}

/// The items found by an import, from which the split is made.
struct SplitAssembly {
    /// The file or folder, for error messages.
    let path: String
    var notes: [String] = []
    /// Items without a subset.
    private var undivided = ItemList()
    /// Items of val and test.
    private var divided: [Subset: ItemList] = [:]
    private var train = ItemList()

    init(path: String) { self.path = path }

    var itemCount: Int { undivided.count + train.count + divided.values.reduce(0) { $0 + $1.count } }

    mutating func append(_ item: Span<UInt8>, label: Int, subset: Subset?) {
        switch subset {
        case nil: undivided.append(item, label: label)
        // Most items are in train, and this case needs no dictionary lookup.
        case .train: train.append(item, label: label)
        case let subset?: divided[subset, default: ItemList()].append(item, label: label)
        }
    }

    mutating func append(_ item: String, label: Int, subset: Subset?) {
        append(item.utf8Span.span, label: label, subset: subset)
    }

    /// Makes the split; found names are sorted by their bytes and numbered in this order.
    ///
    /// - Throws: `usage` for ratios where the data has subsets, `badData` if there are no items.
    consuming func split(
        _ classes: FoundClasses, _ settings: SplitImport.Settings, dataset: String, inputs: [Input],
        record: [String: String]
    ) throws(Fault) -> ImportedSplit {
        guard itemCount > 0 else {
            throw .badData(
                path, found: "no images", expected: "images with classes", remedy: "check the content")
        }
        var record = record
        let found: [String]
        switch classes {
        case .given(let given): found = given
        case .numbered(let numbered): found = numbered
        case .found(let unsorted):
            let order = unsorted.indices.sorted { unsorted[$0].precedes(unsorted[$1]) }
            var labels = [Int32?](repeating: nil, count: unsorted.count)
            for (label, index) in order.enumerated() { labels[index] = Int32(label) }
            relabel(labels)
            found = order.map { unsorted[$0] }
        }
        let named: [String]
        if case .given = classes {
            named = found
        } else {
            named = try ClassNaming.names(for: found, keeps: settings.keepsNames, path: path)
            record["names"] = settings.keepsNames ? "kept" : "cleaned"
        }
        let subsets = try divide(settings.ratios, classCount: named.count, &record)
        let split = try Split(
            dataset: settings.dataset ?? dataset, root: ".", classes: named, items: subsets,
            provenance: Provenance(tool: "fewshot-split", inputs: inputs, settings: record), path: path)
        notes += Self.notes(on: split)
        return ImportedSplit(
            split: split, names: zip(found, named).map { ImportedSplit.ClassName(found: $0, name: $1) }, notes: notes)
    }

    private mutating func relabel(_ labels: [Int32?]) {
        undivided = undivided.relabeled(labels)
        train = train.relabeled(labels)
        divided = divided.mapValues { $0.relabeled(labels) }
    }

    private mutating func divide(
        _ ratios: SubsetRatios?, classCount: Int, _ record: inout [String: String]
    ) throws(Fault) -> [Subset: ItemList] {
        if !train.isEmpty { divided[.train] = train }
        guard !divided.isEmpty else {
            let ratios = ratios ?? .standard
            record.merge(ratios.record) { _, new in new }
            return ratios.divide(undivided, classCount: classCount)
        }
        guard undivided.isEmpty else {
            throw .badData(
                path,
                found:
                    "\(undivided.count) items without a subset, such as '\(undivided[0].path)', among others with one",
                expected: "a subset for all items, or for none",
                remedy: "assign these items to a subset, or import them separately")
        }
        guard ratios == nil else {
            let names = Subset.allCases.filter { divided[$0] != nil }.map(\.rawValue).joined(separator: ", ")
            throw Fault(
                .usage, path, found: "data with subsets (\(names))", expected: "no --val, --test or --seed",
                remedy: "leave out these options")
        }
        return divided
    }
}

extension SplitAssembly {
    private static func notes(on split: Split) -> [String] {
        var notes: [String] = []
        let counts = Subset.allCases.map { split[$0].counts(classCount: split.classes.count) }
        for (subset, count) in zip(Subset.allCases, counts) {
            guard !split[subset].isEmpty else {
                notes.append("the \(subset.rawValue) subset is empty")
                continue
            }
            let absent = split.classes.indices.filter { label in
                count[label] == 0 && counts.contains { $0[label] > 0 }
            }
            if !absent.isEmpty {
                notes.append(
                    "no \(subset.rawValue) items of \(listed(absent.map { split.classes[$0] }, "class", "classes"))")
            }
        }
        let empty = split.classes.indices.filter { label in counts.allSatisfy { $0[label] == 0 } }
        if !empty.isEmpty { notes.append("no items of \(listed(empty.map { split.classes[$0] }, "class", "classes"))") }
        let identifiers = split.classes.filter(ClassNaming.isWordNetIdentifier)
        if !identifiers.isEmpty {
            notes.append(
                "\(listed(identifiers, "class", "classes")) named by WordNet identifiers, which are meaningless in "
                    + "prompts; replace them with words in the split's 'classes'")
        }
        return notes
    }
}

/// Returns the number of names and the first three of them: `5 classes (a, b, c and 2 more)`.
func listed(_ names: [String], _ one: String, _ many: String) -> String {
    let more = names.count > 3 ? " and \(names.count - 3) more" : ""
    return "\(names.count) \(names.count == 1 ? one : many) (\(names.prefix(3).joined(separator: ", "))\(more))"
}

/// Returns the identity of files that were listed but not read: the digest of their sorted paths.
func listingDigest(_ paths: some Sequence<String>) -> Digest {
    var hasher = Digest.Hasher()
    for path in paths { hasher.add(path: path) }
    return hasher.finish()
}

extension Digest.Hasher {
    /// Adds a path and the zero byte that separates it from the next one.
    mutating func add(path: String) {
        let bytes = Array(path.utf8) + [0]
        unsafe update(bytes.span.bytes)
    }
}

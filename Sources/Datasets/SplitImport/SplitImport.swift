internal import Core
public import Splits

/// Splits made of a user's own data: folders, lists, archives.
public enum SplitImport {
    /// What every import lets a user choose.
    public struct Settings: Sendable {
        /// The data set's name; nil for that of the folder or file.
        public var dataset: String?
        /// Whether class names stay as they are found.
        public var keepsNames = false
        /// How to cut the data into parts; nil for the usual ratios, if the data has no parts of its own.
        public var ratios: SubsetRatios?
        /// A file with the names of classes, for labels that are numbers.
        public var classes: String?

        public init() {}
    }
}

/// A split made of a user's own data, with what to know of how it came about.
public struct ImportedSplit: Sendable {
    /// The name of one class, before and after.
    public struct ClassName: Sendable, Equatable {
        /// As a folder, a label or a list says it.
        public let found: String
        /// As it stands in the split.
        public let name: String
    }

    public let split: Split
    /// The names of all classes, by label.
    public let names: [ClassName]
    /// What was left out or looks like a mistake, a sentence each.
    public let notes: [String]
}

/// How items come by their classes' names.
enum FoundClasses {
    /// Labels count names in the order in which they were found.
    case found([String])
    /// Labels are places in a list of names that a user gave.
    case given([String])
    /// Labels are places in a list of names that the data has.
    case numbered([String])
}

/// Items as they are found, part by part, and the split that they make.
struct SplitAssembly {
    /// The file or folder, as errors name it.
    let path: String
    var notes: [String] = []
    /// Items in no part yet, and those of train, val and test.
    private var unparted = ItemList()
    private var parted: [Subset: ItemList] = [:]
    private var train = ItemList()

    init(path: String) { self.path = path }

    var itemCount: Int { unparted.count + train.count + parted.values.reduce(0) { $0 + $1.count } }

    mutating func append(_ item: Span<UInt8>, label: Int, part: Subset?) {
        switch part {
        case nil: unparted.append(item, label: label)
        // Most items, and no look-up for them.
        case .train: train.append(item, label: label)
        case let part?: parted[part, default: ItemList()].append(item, label: label)
        }
    }

    mutating func append(_ item: String, label: Int, part: Subset?) {
        append(item.utf8Span.span, label: label, part: part)
    }

    /// The split; names that were found are sorted by their bytes, and their classes numbered so.
    ///
    /// - Throws: `usage` for ratios where the items have parts, `badData` where there are no items.
    consuming func split(
        _ classes: FoundClasses, _ settings: SplitImport.Settings, dataset: String, inputs: [Input],
        record: [String: String]
    ) throws(Fault) -> ImportedSplit {
        guard itemCount > 0 else {
            throw .badData(
                path, found: "no image", expected: "images with their classes", remedy: "check what it holds")
        }
        var record = record
        let (found, names): ([String], [String])
        switch classes {
        case .given(let given): (found, names) = (given, given)
        case .numbered(let numbered):
            found = numbered
            names = try ClassNaming.names(for: found, keeps: settings.keepsNames, path: path)
            record["names"] = settings.keepsNames ? "kept" : "cleaned"
        case .found(let unsorted):
            let order = unsorted.indices.sorted { unsorted[$0].precedes(unsorted[$1]) }
            var labels = [Int32?](repeating: nil, count: unsorted.count)
            for (label, place) in order.enumerated() { labels[place] = Int32(label) }
            relabel(labels)
            found = order.map { unsorted[$0] }
            names = try ClassNaming.names(for: found, keeps: settings.keepsNames, path: path)
            record["names"] = settings.keepsNames ? "kept" : "cleaned"
        }
        let parts = try cut(settings.ratios, classCount: names.count, &record)
        let split = try Split(
            dataset: settings.dataset ?? dataset, root: ".", classes: names, train: parts[.train] ?? ItemList(),
            val: parts[.val] ?? ItemList(), test: parts[.test] ?? ItemList(),
            provenance: Provenance(tool: "fewshot-split", inputs: inputs, settings: record), path: path)
        notes += Self.notes(on: split)
        return ImportedSplit(
            split: split, names: zip(found, names).map { ImportedSplit.ClassName(found: $0, name: $1) }, notes: notes)
    }

    private mutating func relabel(_ labels: [Int32?]) {
        unparted = unparted.relabeled(labels)
        train = train.relabeled(labels)
        parted = parted.mapValues { $0.relabeled(labels) }
    }

    private mutating func cut(
        _ ratios: SubsetRatios?, classCount: Int, _ record: inout [String: String]
    ) throws(Fault) -> [Subset: ItemList] {
        if !train.isEmpty { parted[.train] = train }
        guard !parted.isEmpty else {
            let ratios = ratios ?? .usual
            record.merge(ratios.record) { _, new in new }
            return ratios.cut(unparted, classCount: classCount)
        }
        guard unparted.isEmpty else {
            throw .badData(
                path,
                found: "\(unparted.count) items in no part, as '\(unparted[0].path)', beside others that have one",
                expected: "all items in parts, or none", remedy: "move or name them, or import them on their own")
        }
        guard ratios == nil else {
            let parts = Subset.allCases.filter { parted[$0] != nil }.map(\.rawValue).joined(separator: ", ")
            throw Fault(
                .usage, path, found: "parts of its own (\(parts))", expected: "no --val, --test or --seed with them",
                remedy: "leave these options out")
        }
        return parted
    }
}

extension SplitAssembly {
    private static func notes(on split: Split) -> [String] {
        var notes: [String] = []
        let counts = Subset.allCases.map { split[$0].counts(classCount: split.classes.count) }
        for (part, count) in zip(Subset.allCases, counts) {
            guard !split[part].isEmpty else {
                notes.append("there is no \(part.rawValue) part")
                continue
            }
            let absent = split.classes.indices.filter { label in
                count[label] == 0 && counts.contains { $0[label] > 0 }
            }
            if !absent.isEmpty {
                notes.append(
                    "no \(part.rawValue) items of \(listed(absent.map { split.classes[$0] }, "class", "classes"))")
            }
        }
        let empty = split.classes.indices.filter { label in counts.allSatisfy { $0[label] == 0 } }
        if !empty.isEmpty { notes.append("no items of \(listed(empty.map { split.classes[$0] }, "class", "classes"))") }
        let identifiers = split.classes.filter(ClassNaming.isWordNetIdentifier)
        if !identifiers.isEmpty {
            notes.append(
                "\(listed(identifiers, "class", "classes")) named by WordNet identifiers, which mean nothing in a "
                    + "prompt; put words in their place in the split's 'classes'")
        }
        return notes
    }
}

/// How many there are, and the first three by name: `5 classes: a, b, c and 2 more`.
func listed(_ names: [String], _ one: String, _ many: String) -> String {
    let more = names.count > 3 ? " and \(names.count - 3) more" : ""
    return "\(names.count) \(names.count == 1 ? one : many) (\(names.prefix(3).joined(separator: ", "))\(more))"
}

/// The identity of files that were listed and not read: the digest of their sorted paths.
func listingDigest(_ paths: some Sequence<String>) -> Digest {
    var hasher = Digest.Hasher()
    for path in paths {
        // A zero byte ends each, as no name has one in it.
        let bytes = Array(path.utf8) + [0]
        unsafe hasher.update(bytes.span.bytes)
    }
    return hasher.finish()
}

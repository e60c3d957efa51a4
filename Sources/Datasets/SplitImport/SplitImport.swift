public import Core
public import Splits

/// The import of a user's own images: folders, lists and archives.
public enum SplitImport {
    /// Receives the amounts of finished and of all work; an error that it throws ends the import.
    public typealias Progress = (Int, Int) throws(Fault) -> Void

    /// The settings of an import, of which each kind of data uses those that apply to it.
    public struct Settings: Sendable {
        /// The data set's name; nil for the name of the folder or file.
        public var dataset: String?
        /// The folder to which a list's paths are relative, or one above all archives; nil for the nearest one.
        public var root: String?
        /// The names of a table's columns; that of the labels is also the key in JSON.
        public var columns = ColumnNames()
        /// The source of the labels in an archive; nil for the first of `.cls`, `.json` and the folder that is present.
        public var labels: LabelSource?
        /// A file with class names, for numeric labels.
        public var classes: String?
        /// Whether class names are kept as found, instead of being cleaned up for prompts.
        public var keepsNames = false
        /// The ratios for dividing the items into subsets; nil for the default ratios, or the data's own subsets.
        public var ratios: SubsetRatios?
        /// A former split of the same images, in which items keep their subsets; nil for none.
        public var kept: SplitFile?

        /// The default settings.
        public init() {}
    }

    /// The source of the labels in an archive.
    public enum LabelSource: String, Sendable, CaseIterable {
        /// The member with the image's name and this suffix.
        case cls, txt, json
        /// The image's folder.
        case folder
    }
}

/// An imported split, with notes on the import.
public struct ImportedSplit: Sendable {
    /// The split.
    public let split: Split
    /// The names of the classes as folders or labels, before the cleanup, in label order [C].
    public let foundNames: [String]
    /// Sentences on files that were left out and on likely mistakes.
    public let notes: [String]
    /// The folder to which the split's paths are relative; nil if the import does not know it.
    public let root: String?
}

extension SplitImport {
    /// Imports CoOp's JSON file or cross_modal_adaptation's index file at `path`, item for item and label for label.
    ///
    /// `dataset` is the data set of a file whose name does not identify it. `parent` is the path of the split that an
    /// index file was sampled from, which has the test items.
    ///
    /// - Throws: `badData` for any other file, or one that does not belong to the parent.
    public static func coOp(
        _ path: String, dataset: String? = nil, parent: String? = nil
    ) throws(Fault) -> ImportedSplit {
        if let parent {
            let sample = try CrossModalSample(fileAt: path)
            let parent = try SplitFile(path: parent, dataset: dataset)
            let split = try sample.split(of: parent, input: Input(reading: path, as: "split"))
            let note = "the items differ from those of every sampling scheme, so the split has no record of a sample"
            return ImportedSplit(
                split: split, foundNames: split.classes, notes: split.sample == nil ? [note] : [], root: nil)
        }
        let file = try SplitFile(path: path, dataset: dataset)
        // A CoOp split lists its own file as its input; a split of this project lists others.
        guard file.split.provenance.inputs.contains(file.input) else {
            throw .badData(
                path, found: "a split of fewshot", expected: "CoOp's split_zhou_*.json",
                remedy: "use it without importing it")
        }
        var note =
            "the file name does not identify a published data set, so paths start at the image folder; "
            + "name the data set with \(OptionName("dataset"))"
        if let dataset { note = "no published data set is named '\(dataset)', so paths start at the image folder" }
        var notes = file.split.root == "." ? [note] : []
        if file.split.test.isEmpty, file.split.provenance.settings["source"] != nil {
            notes.append(
                "a few-shot sample of cross_modal_adaptation, without test items; "
                    + "\(OptionName("parent")) adds those of the split that it was sampled from")
        }
        return ImportedSplit(split: file.split, foundNames: file.split.classes, notes: notes, root: nil)
    }
}

/// The names of the classes that an import has found.
struct FoundClasses {
    let names: [String]
    /// Whether labels are indices into a list in the data or from the user, whose order is kept.
    var areNumbered = true
    /// Whether the list is the user's, whose names are kept as well.
    var areGiven = false
}

/// The items found by an import, from which the split is made.
struct SplitAssembly {
    /// The file or folder, for error messages.
    let path: String
    /// The folder to which the items' paths are relative; nil if it is unknown.
    let root: String?
    let settings: SplitImport.Settings
    var notes: [String] = []
    private(set) var lists: [Subset?: ItemList] = [:]

    mutating func append(_ item: Span<UInt8>, label: Int, subset: Subset?) {
        lists[subset, default: ItemList()].append(item, label: label)
    }

    /// Adds a note with the number of `names` and the first three of them; none if there are no names.
    mutating func note(_ names: [String], _ one: String, _ many: String, _ sentence: (String) -> String) {
        if !names.isEmpty { notes.append(sentence(listed(names, one, many))) }
    }

    /// Makes the split; found names are sorted by their bytes and numbered in this order.
    ///
    /// - Throws: `usage` for ratios or a former split where the data has subsets, `badData` if there are no items.
    consuming func split(
        _ classes: FoundClasses, dataset: String, inputs: [Input], record: [String: String]
    ) throws(Fault) -> ImportedSplit {
        guard !lists.isEmpty else {
            throw .badData(path, found: "no images", expected: "images with classes", remedy: "check the content")
        }
        var record = record
        var found = classes.names
        if !classes.areNumbered {
            let order = found.indices.sorted { found[$0].precedes(found[$1]) }
            var labels = [Int32?](repeating: nil, count: found.count)
            for (label, index) in order.enumerated() { labels[index] = Int32(label) }
            lists = lists.mapValues { $0.relabeled(labels) }
            found = order.map { found[$0] }
        }
        var names = found
        if !classes.areGiven {
            names = try ClassNaming.names(for: found, keeps: settings.keepsNames, path: path)
            record["names"] = settings.keepsNames ? "kept" : "cleaned"
        }
        let subsets = try divide(classCount: names.count, &record)
        let kept = settings.kept.map { [Input(role: "kept", name: $0.input.name, digest: $0.input.digest)] } ?? []
        var split = try Split(
            dataset: settings.dataset ?? dataset, root: ".", classes: names, items: subsets,
            provenance: Provenance(tool: "fewshot-split", inputs: inputs + kept, settings: record), path: path)
        if let former = settings.kept?.split {
            // Without a change it is the same split, with its origin.
            let provenance = split.provenance
            split.provenance = former.provenance
            if split != former { split.provenance = provenance }
        }
        noteClasses(of: split)
        return ImportedSplit(split: split, foundNames: found, notes: notes, root: root)
    }

    private mutating func divide(
        classCount: Int, _ record: inout [String: String]
    ) throws(Fault) -> [Subset: ItemList] {
        let undivided = lists.removeValue(forKey: nil) ?? ItemList()
        guard !lists.isEmpty else {
            let ratios = settings.ratios ?? .standard
            record.merge(ratios.record) { _, new in new }
            let kept = settings.kept.map { FormerItems($0.split).matches(of: [undivided]).places[0].map(\.?.subset) }
            return SubsetDivision(ratios, kept: kept ?? []).divide(undivided, classCount: classCount)
        }
        guard undivided.isEmpty else {
            throw .badData(
                path,
                found:
                    "\(undivided.count) items without a subset, such as '\(undivided[0].path)', among others with one",
                expected: "a subset for all items, or for none",
                remedy: "assign these items to a subset, or import them separately")
        }
        guard settings.ratios == nil, settings.kept == nil else {
            let names = Subset.allCases.filter { lists[$0] != nil }.map(\.rawValue).joined(separator: ", ")
            let options: [OptionName] = ["val", "test", "seed"]
            throw Fault(
                .usage, path, found: "data with subsets (\(names))",
                expected: "no \(options.map(\.description).joined(separator: ", ")) or \(OptionName("keep"))",
                remedy: "leave out these options")
        }
        return Dictionary(uniqueKeysWithValues: Subset.allCases.map { ($0, lists[$0] ?? ItemList()) })
    }

    /// Notes empty subsets, classes without items, and names that are not words.
    private mutating func noteClasses(of split: Split) {
        let counts = Subset.allCases.map { split[$0].counts(classCount: split.classes.count) }
        let isEmpty = split.classes.indices.map { label in counts.allSatisfy { $0[label] == 0 } }
        func names(_ isMeant: (Int) -> Bool) -> [String] {
            split.classes.indices.filter(isMeant).map { split.classes[$0] }
        }
        for (subset, count) in zip(Subset.allCases, counts) {
            if split[subset].isEmpty {
                notes.append("the \(subset.rawValue) subset is empty")
            } else {
                note(names { count[$0] == 0 && !isEmpty[$0] }, "class", "classes") {
                    "no \(subset.rawValue) items of \($0)"
                }
            }
        }
        note(names { isEmpty[$0] }, "class", "classes") { "no items of \($0)" }
        note(split.classes.filter(ClassNaming.isWordNetIdentifier), "class", "classes") {
            "\($0) named by WordNet identifiers, which are meaningless in prompts; replace them with words in the "
                + "split's 'classes'"
        }
    }
}

/// Returns the number of names and the first three of them: `5 classes (a, b, c and 2 more)`.
func listed(_ names: [String], _ one: String, _ many: String) -> String {
    let more = names.count > 3 ? " and \(names.count - 3) more" : ""
    return "\(names.count) \(names.count == 1 ? one : many) (\(names.prefix(3).joined(separator: ", "))\(more))"
}

extension Digest.Hasher {
    /// Adds a path and the zero byte that separates it from the next one.
    mutating func add(path: String) {
        let bytes = Array(path.utf8) + [0]
        unsafe update(bytes.span.bytes)
    }
}

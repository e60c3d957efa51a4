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
        /// Whether the class of an image is the part of its file name before the number, as in `cat.12.jpg`.
        public var readsClassesInNames = false
        /// The start of all paths in a list that is removed from them; nil for none.
        public var removedPrefix: String?
        /// The names of a table's columns; that of the labels is also the key in JSON.
        public var columns = ColumnNames()
        /// The source of the labels in an archive; nil for the first of `.cls`, `.json` and the folder that is present.
        public var labels: LabelSource?
        /// A file with class names, for numeric labels or for the folders of classes.
        public var classes: String?
        /// The level of the folders that are classes; nil for the top, except below an alphabetical index.
        public var classFolders: ClassFolderLevel?
        /// Whether class names are kept as found, instead of being cleaned up for prompts.
        public var keepsNames = false
        /// The treatment of images with several labels.
        public var severalLabels = SeveralLabels.refuse
        /// The ratios for dividing the items into subsets; nil for the default ratios, or the data's own subsets.
        public var ratios: SubsetRatios?
        /// The groups of items that stay in one subset; nil if each item is divided by itself.
        public var groups: ItemGroups?
        /// A former split of the same images, in which items keep their subsets; nil for none.
        public var kept: SplitFile?

        /// The default settings.
        public init() {}
    }

    /// The treatment of images with several labels.
    public enum SeveralLabels: String, Sendable, CaseIterable {
        /// An error, or a note if a label such as `cat|dog` joins several classes.
        case refuse
        /// The first label is kept.
        case first
        /// The images are left out.
        case omit
    }

    /// The source of the labels in an archive.
    public enum LabelSource: String, Sendable, CaseIterable {
        /// The member with the image's name and this suffix.
        case cls, txt, json
        /// The image's folder.
        case folder
        /// The archive itself, as ImageNet has one per class.
        case archive
    }

    /// The folders of a nested tree that are classes.
    public enum ClassFolderLevel: String, Sendable, CaseIterable {
        /// The folders at the top, with the images of all folders below.
        case top
        /// The folders that contain images themselves.
        case innermost
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
    /// The names of folders or labels.
    let names: [String]
    /// The names for prompts before the cleanup [C]; nil for ``names``.
    var titles: [String]?
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
    /// The note on a class that is the only one; nil for the usual one.
    var onlyClassNote: String?
    private(set) var lists: [Subset?: ItemList] = [:]
    /// The rows that ``relabel(_:)`` leaves out.
    private var removed: [Subset?: Set<Int>] = [:]

    /// No items yet.
    init(path: String, root: String?, settings: SplitImport.Settings) {
        self.path = path
        self.root = root
        self.settings = settings
    }

    /// Adds an item and returns its row in its subset.
    @discardableResult
    mutating func append(_ item: Span<UInt8>, label: Int, subset: Subset?) -> Int {
        lists[subset, default: ItemList()].append(item, label: label)
        return (lists[subset]?.count ?? 0) - 1
    }

    /// The path of the item in `row` of `subset`.
    func path(_ row: Int, of subset: Subset?) -> ArraySlice<UInt8> { lists[subset]?.pathBytes(row) ?? [] }

    /// The XXH3 of that path.
    func pathChecksum(_ row: Int, of subset: Subset?) -> UInt64 { lists[subset]?.pathChecksum(row) ?? 0 }

    /// The label of the item in `row` of `subset`.
    func label(_ row: Int, of subset: Subset?) -> Int { lists[subset].map { Int($0.labels[row]) } ?? 0 }

    /// Leaves the item in `row` of `subset` out of the split.
    mutating func remove(_ row: Int, of subset: Subset?) { removed[subset, default: []].insert(row) }

    /// Replaces the label of each item; items whose label is nil are left out.
    mutating func relabel(_ labels: [Int32?]) {
        for (subset, items) in lists {
            let kept = removed[subset].map { rows in items.selecting(items.indices.filter { !rows.contains($0) }) }
            lists[subset] = (kept ?? items).relabeled(labels)
        }
        removed = [:]
        lists = lists.filter { !$0.value.isEmpty }
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
        var names = classes.titles ?? found
        if !classes.areGiven {
            names = try ClassNaming.names(for: names, keeps: settings.keepsNames, path: path)
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
            let division = SubsetDivision(ratios, kept: kept ?? [])
            guard let groups = settings.groups else {
                if let note = SeriesNames.note(on: undivided, classCount: classCount) { notes.append(note) }
                return division.divide(undivided, classCount: classCount)
            }
            record["group"] = groups.rule
            let keys = try groups.keys(of: undivided)
            let divided = division.divide(undivided, classCount: classCount, units: keys.keys)
            noteGroups(keys, of: undivided, in: divided)
            return divided
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
        if let groups = settings.groups { try noteDividedGroups(groups) }
        return Dictionary(uniqueKeysWithValues: Subset.allCases.map { ($0, lists[$0] ?? ItemList()) })
    }

    /// The end of a note on an empty subset; after a division, there are no lists of the data's own subsets.
    private func advice(onEmpty subset: Subset) -> String {
        switch subset {
        case .train: ", so nothing can be trained"
        case .val: "; \(OptionName("val_from_train")) samples one"
        case .test where lists.isEmpty: ", so no accuracy can be reported; \(OptionName("test")) sets its ratio"
        case .test:
            ", so no accuracy can be reported; assign items to it, or import the items of another subset alone to "
                + "divide them"
        }
    }

    /// Notes empty subsets, classes without items, and names without a meaning in prompts.
    private mutating func noteClasses(of split: Split) {
        let counts = Subset.allCases.map { split[$0].counts(classCount: split.classes.count) }
        let isEmpty = split.classes.indices.map { label in counts.allSatisfy { $0[label] == 0 } }
        func names(_ isMeant: (Int) -> Bool) -> [String] {
            split.classes.indices.filter(isMeant).map { split.classes[$0] }
        }
        for (subset, count) in zip(Subset.allCases, counts) {
            if split[subset].isEmpty {
                notes.append("the \(subset.rawValue) subset is empty\(advice(onEmpty: subset))")
            } else {
                note(names { count[$0] == 0 && !isEmpty[$0] }, "class", "classes") {
                    "no \(subset.rawValue) items of \($0)"
                }
            }
        }
        note(names { isEmpty[$0] }, "class", "classes") { "no items of \($0)" }
        if split.classes.count == 1 {
            notes.append(onlyClassNote ?? "'\(split.classes[0])' is the only class; training needs at least two")
        }
        notes += ClassNaming.notes(on: split.classes)
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

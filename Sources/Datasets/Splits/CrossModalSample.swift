internal import Catalog
package import Core

/// A few-shot sample in the format of cross_modal_adaptation: `shot_K-seed_S.json`.
///
/// Each of train and val has items under `data`, and their rows in the whole split under `indices`. The paths start
/// with a data root, usually `./data`, and there are no test items.
package struct CrossModalSample {
    /// An item of the sample.
    private struct Entry {
        let path: String
        let label: Int
        let className: String
    }

    private let path: String
    private var entries: [Subset: [Entry]] = [:]

    /// The start of the paths in the published files.
    package static let dataRoot = "./data"

    /// Reads the sample in `file`.
    ///
    /// - Throws: `badData` for a file of another format.
    package init(fileAt file: String) throws(Fault) {
        let expected = "an index file of cross_modal_adaptation (shot_*.json)"
        let values = try JSONValue(fileAt: file, expected: expected).object ?? [:]
        guard let sample = try CrossModalSample(values, path: file) else {
            throw .badData(file, found: "JSON without 'train' and its 'data'", expected: expected)
        }
        self = sample
    }

    /// The sample in the members of a JSON object; nil if they are those of another format.
    init?(_ values: [String: JSONValue], path: String) throws(Fault) {
        guard values["train"]?.object?["data"] != nil else { return nil }
        self.path = path
        for subset in [Subset.train, .val] {
            guard let members = values[subset.rawValue]?.object else { continue }
            guard let data = members["data"]?.array else {
                throw .badData(
                    path, found: "no list 'data' in '\(subset.rawValue)'", expected: "a list of items",
                    remedy: "download or export the file again")
            }
            entries[subset] = try data.enumerated().map { row, item throws(Fault) in
                guard let members = item.object, let impath = members["impath"]?.string,
                    let label = members["label"]?.integer, let name = members["classname"]?.string
                else {
                    throw .badData(
                        path, found: "an invalid item \(row) in '\(subset.rawValue)'",
                        expected: "impath, label and classname", remedy: "download or export the file again")
                }
                return Entry(path: impath, label: label, className: name)
            }
        }
    }

    /// The sample as a split without test items, with paths below the data root.
    func split(dataset: String?, input: Input) throws(Fault) -> Split {
        let all = [entries[.train] ?? [], entries[.val] ?? []].flatMap(\.self)
        let entry = dataset.map(Catalog.entry(named:)) ?? catalogEntry(of: all)
        let root = entry?.imageRoot ?? "."
        var names: [Int: String] = [:]
        var items: [Subset: ItemList] = [:]
        for (subset, entries) in entries {
            items[subset] = ItemList()
            for (row, item) in entries.enumerated() {
                let place = "\(subset.rawValue) item \(row)"
                let name = names[item.label] ?? item.className
                guard item.label >= 0, name.utf8.elementsEqual(item.className.utf8) else {
                    throw .badData(
                        path, found: "the label \(item.label) with the name '\(item.className)' at \(place)",
                        expected: "'\(name)', as before", remedy: "download or export the file again")
                }
                names[item.label] = name
                items[subset]?.append(Self.relative(item.path, to: root), label: item.label)
            }
        }
        guard let last = names.keys.max(), last < names.count else {
            throw .badData(
                path, found: "labels with gaps", expected: "items of every class",
                remedy: "import it with \(option: "parent"), the split that it was sampled from")
        }
        return try Split(
            dataset: dataset ?? entry?.name ?? String(input.name.prefix { $0 != "." }), root: root,
            classes: (0 ... last).compactMap { names[$0] }, items: items,
            provenance: Provenance(
                tool: "fewshot-split", inputs: [input], settings: ["source": "cross_modal_adaptation"]),
            path: path)
    }

    /// The data set in whose folder the images lie; nil for none of the catalog.
    private func catalogEntry(of items: [Entry]) -> DatasetEntry? {
        guard let first = items.first else { return nil }
        let found = Catalog.entries.filter { $0.imageRoot != "." && first.path.contains("/\($0.imageRoot)/") }
        return found.max { $0.imageRoot.utf8.count < $1.imageRoot.utf8.count }
    }

    /// The part of `path` below the folder `root`, or below the usual data root.
    private static func relative(_ path: String, to root: String) -> String {
        if root != ".", let range = path.firstRange(of: "/\(root)/") { return String(path[range.upperBound...]) }
        let start = "\(dataRoot)/"
        return path.hasPrefix(start) ? String(path.dropFirst(start.count)) : path
    }
}

extension CrossModalSample {
    /// Returns the sample as a split with the test items of `parent`, from which it was sampled.
    ///
    /// The items are found in the parent by their paths. If they are those that a scheme samples with the shots and
    /// the seed in the file's name, the split is recorded as that sample.
    ///
    /// - Throws: `badData` for items that the parent does not have.
    package func split(of parent: SplitFile, input: Input) throws(Fault) -> Split {
        if let sample = parent.split.sample {
            throw .badData(
                parent.input.name, found: "a few-shot sample of \(sample.shots) shots", expected: "a whole split",
                remedy: "name the split that it was sampled from")
        }
        var split = parent.split
        var rows: [Subset: [Int]] = [:]
        let train = Rows(parent.split.train)
        // Data without a val subset has val items that were sampled from train.
        let isValFromTrain = parent.split.val.isEmpty
        rows[.train] = try self.rows(.train, in: train, parent)
        rows[.val] = try self.rows(.val, in: isValFromTrain ? train : Rows(parent.split.val), parent)
        split.train = parent.split.train.selecting(rows[.train] ?? [])
        split.val = (isValFromTrain ? parent.split.train : parent.split.val).selecting(rows[.val] ?? [])
        split.provenance = Provenance(
            tool: "fewshot-split", inputs: [parent.input, input], settings: ["source": "cross_modal_adaptation"])
        split.sample = try record(of: split, sampledFrom: parent)
        return split
    }

    /// The rows of a subset by path; repeated paths have their first row.
    private struct Rows {
        let items: ItemList
        private var rows: [String: Int] = [:]

        init(_ items: ItemList) {
            self.items = items
            for row in items.indices.reversed() { rows[items[row].path] = row }
        }

        /// The row of the longest path that `path` ends in.
        func row(endOf path: String) -> Int? {
            var rest = path[...]
            while true {
                if let row = rows[String(rest)] { return row }
                guard let slash = rest.firstIndex(of: "/") else { return nil }
                rest = rest[rest.index(after: slash)...]
            }
        }
    }

    private func rows(_ subset: Subset, in rows: Rows, _ parent: SplitFile) throws(Fault) -> [Int] {
        try (entries[subset] ?? []).enumerated().map { index, item throws(Fault) in
            let place = "\(subset.rawValue) item \(index)"
            guard let row = rows.row(endOf: item.path) else {
                throw .badData(
                    path, found: "'\(item.path)' at \(place)", expected: "an item of \(parent.input.name)",
                    remedy: "give the split that it was sampled from with \(option: "parent")")
            }
            guard Int(rows.items.labels[row]) == item.label else {
                throw .badData(
                    path, found: "the label \(item.label) of '\(item.path)' at \(place)",
                    expected: "\(rows.items.labels[row]), as in \(parent.input.name)",
                    remedy: "give the split that it was sampled from with \(option: "parent")")
            }
            return row
        }
    }

    /// The parameters by which a scheme samples the items of `split`, from the file's name; nil if none does.
    private func record(of split: Split, sampledFrom parent: SplitFile) throws(Fault) -> SampleRecord? {
        let numbers = lastComponent(of: path).split { !$0.isNumber }.compactMap { Int($0) }
        guard numbers.count >= 2, (1 ... 1 << 20).contains(numbers[0]) else { return nil }
        for scheme in FewShotSample.Scheme.allCases {
            let isValFromTrain = parent.split.val.isEmpty && !split.val.isEmpty
            guard !isValFromTrain || scheme != .lpclip else { continue }
            // A class may be too small for a scheme.
            let sampled = try? parent.sampled(
                scheme, shots: numbers[0], seed: numbers[1], valFromTrain: isValFromTrain)
            if let sampled, sampled.train == split.train, sampled.val == split.val { return sampled.sample }
        }
        return nil
    }
}

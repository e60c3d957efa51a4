public import Core
public import Splits

extension SplitFile {
    /// What paths in cross_modal_adaptation's published files start with.
    public static let crossModalDataRoot = "./data"

    /// Publishes the few-shot items that `rows` names as cross_modal_adaptation writes its `shot_K-seed_S.json`.
    ///
    /// Source: `few_shot_split.py` and `sample_few_shot_dataset`, with the row numbers in this, the whole split.
    ///
    /// - Parameters:
    ///   - rows: which items; those of a tip draw can come more than once, and do so in the file.
    ///   - dataRoot: what paths start with.
    ///   - path: the file.
    ///   - replaces: whether another file there may be replaced.
    /// - Returns: whether the file is new.
    /// - Throws: `cannotCreate` where another file is there and `replaces` is false.
    public func exportCrossModal(
        _ rows: FewShotSample, dataRoot: String = crossModalDataRoot, to path: String, replaces: Bool
    ) throws(Fault) -> SplitOutcome {
        try publishUnlessThere(path, replaces: replaces) { path throws(Fault) in
            try writeCrossModal(rows, dataRoot: dataRoot, to: path)
        }
    }

    /// The rows that `scheme` draws from this split.
    public func rows(
        _ scheme: FewShotSample.Scheme, shots: Int, seed: Int
    ) throws(Fault) -> FewShotSample {
        if let sample = split.sample {
            throw .badData(
                input.name, found: "a few-shot sample of \(sample.shots) shots",
                expected: "a whole split to sample from",
                remedy: "name the split that it was sampled from with --parent instead of --shots")
        }
        return try FewShotSample(
            scheme, train: split.train.labels, val: split.val.labels, shots: shots, seed: seed, subject: input.name)
    }

    /// The rows of `parent`'s items that this split, a draw from it, consists of.
    ///
    /// They are drawn again and compared: a path alone does not say which of several rows was meant.
    ///
    /// - Throws: `badData` where this is no draw from `parent`.
    public func rows(in parent: SplitFile) throws(Fault) -> FewShotSample {
        guard let sample = split.sample else {
            throw .badData(
                input.name, found: "a split that was not sampled", expected: "a few-shot sample",
                remedy: "sample with --shots and --seed instead of --parent")
        }
        guard sample.parent == parent.input.digest else {
            throw .badData(
                parent.input.name, found: "the digest \(parent.input.digest)",
                expected: "\(sample.parent), that of the split from which \(input.name) was sampled",
                remedy: "name that split with --parent, or sample again")
        }
        guard split.val.isEmpty || !parent.split.val.isEmpty else {
            throw .badData(
                input.name, found: "val items sampled from the train subset",
                expected: "some of the val part, as the file counts rows of the part they are in",
                remedy: "sample without --val-from-train")
        }
        let rows = try parent.rows(sample.scheme, shots: sample.shots, seed: sample.seed)
        let val = rows.val.map(parent.split.val.selecting) ?? parent.split.val
        guard split.classes == parent.split.classes, split.root == parent.split.root,
            split.train == parent.split.train.selecting(rows.train), split.val == val
        else {
            throw .badData(
                input.name, found: "other items or classes than its record says",
                expected: "those of the scheme \(sample.scheme.rawValue), \(sample.shots) shots, seed \(sample.seed)",
                remedy: "name the sample as it was made, before classes were selected or items changed")
        }
        return rows
    }

    private func writeCrossModal(_ rows: FewShotSample, dataRoot: String, to path: String) throws(Fault) {
        let folder = split.root == "." ? dataRoot : Self.joined(dataRoot, split.root)
        var file = try TextPieces(path)
        for (part, rows) in [(Subset.train, rows.train), (.val, rows.val ?? Array(split.val.indices))] {
            file.add("\(part == .train ? "{" : ",")\n    \"\(part.rawValue)\": {\n        \"data\": [")
            for (place, row) in rows.enumerated() {
                file.add(entry(split[part], row, folder, isFirst: place == 0))
                try file.drain()
            }
            file.add("\(rows.isEmpty ? "" : "\n        ")],\n        \"indices\": [")
            for (place, row) in rows.enumerated() { file.add("\(place == 0 ? "" : ",")\n            \(row)") }
            file.add("\(rows.isEmpty ? "" : "\n        ")]\n    }")
        }
        file.add("\n}")
        try file.publish()
    }

    private func entry(_ items: ItemList, _ row: Int, _ folder: String, isFirst: Bool) -> [UInt8] {
        let label = Int(items.labels[row])
        var bytes = Array("\(isFirst ? "" : ",")\n            {\n                \"impath\": ".utf8)
        JSONText.appendASCII(Array(Self.joined(folder, "").utf8) + items.pathBytes(row), to: &bytes)
        bytes += Array(",\n                \"label\": \(label),\n                \"classname\": ".utf8)
        JSONText.appendASCII(split.classes[label].utf8, to: &bytes)
        bytes += Array("\n            }".utf8)
        return bytes
    }

    /// The corresponding Python function is `os.path.join`; the second path is never absolute here.
    private static func joined(_ folder: String, _ path: String) -> String {
        folder.isEmpty || folder.hasSuffix("/") ? folder + path : "\(folder)/\(path)"
    }
}

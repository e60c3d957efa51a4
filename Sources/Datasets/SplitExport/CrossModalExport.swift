public import Core
public import Splits

extension SplitFile {
    /// The start of the paths in cross_modal_adaptation's published files.
    public static let crossModalDataRoot = CrossModalSample.dataRoot

    /// Publishes a few-shot sample of this split in the format of cross_modal_adaptation's `shot_K-seed_S.json`.
    ///
    /// Source: `few_shot_split.py` and `sample_few_shot_dataset`, with row numbers of this, the whole split.
    ///
    /// Rows that the scheme tip repeats are repeated in the file, whose paths start with `dataRoot`.
    ///
    /// - Throws: `cannotCreate` if a different file exists and `replaces` is false.
    public func exportCrossModal(
        _ sample: FewShotSample, dataRoot: String = crossModalDataRoot, to path: String, replaces: Bool
    ) throws(Fault) -> SplitOutcome {
        try publishUnlessReusable(path, replaces: replaces) { path throws(Fault) in
            try writeCrossModal(sample, dataRoot: dataRoot, to: path)
        }
    }

    /// Returns the rows of a few-shot sample of this split.
    ///
    /// - Throws: `badData` if the split is a sample already, or if a class is too small for the scheme.
    public func sample(_ scheme: FewShotSample.Scheme, shots: Int, seed: Int) throws(Fault) -> FewShotSample {
        if let sample = split.sample {
            throw .badData(
                input.name, found: "a few-shot sample of \(sample.shots) shots",
                expected: "a whole split to sample from",
                remedy: "give the split that it was sampled from with \(option: "parent") instead of \(option: "shots")"
            )
        }
        return try FewShotSample(
            scheme, train: split.train.labels, val: split.val.labels, shots: shots, seed: seed, subject: input.name)
    }

    /// Returns the rows in `parent` of this split, which is a few-shot sample of it.
    ///
    /// The items are sampled again and compared, because a path alone may belong to several rows.
    ///
    /// - Throws: `badData` if this is not a sample of `parent`.
    public func sample(in parent: SplitFile) throws(Fault) -> FewShotSample {
        guard let record = split.sample else {
            throw .badData(
                input.name, found: "a whole split", expected: "a few-shot sample",
                remedy: "use \(option: "shots") and \(option: "seed") instead of \(option: "parent")")
        }
        guard record.parent == parent.input.digest else {
            throw .badData(
                parent.input.name, found: "the digest \(parent.input.digest)",
                expected: "\(record.parent), the digest of the split from which \(input.name) was sampled",
                remedy: "give that split with \(option: "parent"), or sample again")
        }
        guard split.val.isEmpty || !parent.split.val.isEmpty else {
            throw .badData(
                input.name, found: "val items sampled from the train subset",
                expected: "items of the val subset, whose row numbers the file contains",
                remedy: "sample without \(option: "val_from_train")")
        }
        let sample = try parent.sample(record.scheme, shots: record.shots, seed: record.seed)
        let val = sample.val.map(parent.split.val.selecting) ?? parent.split.val
        guard split.classes == parent.split.classes, split.root == parent.split.root,
            split.train == parent.split.train.selecting(sample.train), split.val == val
        else {
            throw .badData(
                input.name, found: "items or classes that differ from its record",
                expected: "those of the scheme \(record.scheme.rawValue), \(record.shots) shots, seed \(record.seed)",
                remedy: "give the original sample, before classes were selected or items changed")
        }
        return sample
    }

    private func writeCrossModal(_ sample: FewShotSample, dataRoot: String, to path: String) throws(Fault) {
        let folder = split.root == "." ? dataRoot : Self.joined(dataRoot, split.root)
        var file = try TextPieces(path)
        for (subset, rows) in [(Subset.train, sample.train), (.val, sample.val ?? Array(split.val.indices))] {
            file.add("\(subset == .train ? "{" : ",")\n    \"\(subset.rawValue)\": {\n        \"data\": [")
            for (index, row) in rows.enumerated() {
                file.add(entry(split[subset], row, folder, isFirst: index == 0))
                try file.drain()
            }
            file.add("\(rows.isEmpty ? "" : "\n        ")],\n        \"indices\": [")
            for (index, row) in rows.enumerated() { file.add("\(index == 0 ? "" : ",")\n            \(row)") }
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

    /// Joins two paths as Python's `os.path.join` does; the second is never absolute.
    private static func joined(_ folder: String, _ path: String) -> String {
        folder.isEmpty || folder.hasSuffix("/") ? folder + path : folder.appending(path: path)
    }
}

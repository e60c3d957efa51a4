public import Core

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
        _ rows: FewShotDraw.Rows, dataRoot: String = crossModalDataRoot, to path: String, replaces: Bool
    ) throws(Fault) -> SplitOutcome {
        try publishUnlessThere(path, replaces: replaces) { path throws(Fault) in
            try writeCrossModal(rows, dataRoot: dataRoot, to: path)
        }
    }

    /// The rows that `scheme` draws from this split.
    public func rows(
        _ scheme: FewShotDraw.Scheme, shots: Int, seed: Int
    ) throws(Fault) -> FewShotDraw.Rows {
        if let draw = split.draw {
            throw .badData(
                input.name, found: "a draw of \(draw.shots) shots", expected: "a whole split to draw from",
                remedy: "name the split that it was drawn from with --parent instead of --shots")
        }
        return try FewShotDraw.draw(
            scheme, train: split.train.labels, val: split.val.labels, shots: shots, seed: seed, subject: input.name)
    }

    /// The rows of `parent`'s items that this split, a draw from it, consists of.
    ///
    /// They are drawn again and compared: a path alone does not say which of several rows was meant.
    ///
    /// - Throws: `badData` where this is no draw from `parent`.
    public func rows(in parent: SplitFile) throws(Fault) -> FewShotDraw.Rows {
        guard let draw = split.draw else {
            throw .badData(
                input.name, found: "a split that was not drawn", expected: "a few-shot draw",
                remedy: "draw with --shots and --seed instead of --parent")
        }
        guard draw.parent == parent.input.digest else {
            throw .badData(
                parent.input.name, found: "the digest \(parent.input.digest)",
                expected: "\(draw.parent), that of the split from which \(input.name) was drawn",
                remedy: "name that split with --parent, or draw again")
        }
        guard split.val.isEmpty || !parent.split.val.isEmpty else {
            throw .badData(
                input.name, found: "val items drawn from the train part",
                expected: "some of the val part, as the file counts rows of the part they are in",
                remedy: "draw without --val-from-train")
        }
        let rows = try parent.rows(draw.scheme, shots: draw.shots, seed: draw.seed)
        let val = rows.val.map(parent.split.val.selecting) ?? parent.split.val
        guard split.classes == parent.split.classes, split.root == parent.split.root,
            split.train == parent.split.train.selecting(rows.train), split.val == val
        else {
            throw .badData(
                input.name, found: "other items or classes than its record says",
                expected: "those of the scheme \(draw.scheme.rawValue), \(draw.shots) shots, seed \(draw.seed)",
                remedy: "name the draw as it was made, before classes were selected or items changed")
        }
        return rows
    }

    private func writeCrossModal(_ rows: FewShotDraw.Rows, dataRoot: String, to path: String) throws(Fault) {
        let folder = split.root == "." ? dataRoot : Self.joined(dataRoot, split.root)
        var file = try TextPieces(path)
        for (part, rows) in [(Part.train, rows.train), (.val, rows.val ?? Array(split.val.indices))] {
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

public import Core

extension SplitFile {
    /// The few-shot split that `scheme` draws from this one; the test part stays whole.
    ///
    /// Where there is no val part and `valFromTrain` is true, the val part is drawn from the rest of train.
    ///
    /// - Throws: `badData` where the split is a draw already, or the scheme cannot draw from it.
    public func sampled(
        _ scheme: FewShotDraw.Scheme, shots: Int, seed: Int, valFromTrain: Bool = false
    ) throws(Fault) -> Split {
        if let draw = split.draw {
            throw .badData(
                input.name, found: "a draw of \(draw.shots) shots", expected: "a whole split",
                remedy: "draw from the split that it was drawn from")
        }
        var drawn = split
        drawn.draw = DrawRecord(shots: shots, seed: seed, scheme: scheme, parent: input.digest)
        drawn.provenance = Provenance(
            tool: "fewshot-split", inputs: [input],
            settings: ["scheme": scheme.rawValue, "shots": "\(shots)", "seed": "\(seed)"])
        if valFromTrain {
            guard split.val.isEmpty else {
                throw .badData(
                    input.name, found: "\(split.val.count) val items", expected: "none where val is drawn from train",
                    remedy: "leave out --val-from-train")
            }
            drawn.provenance.settings["val"] = "from train"
            let rows = FewShotDraw.drawBoth(scheme, from: split.train.labels, shots: shots, seed: seed)
            (drawn.train, drawn.val) = (split.train.selecting(rows.train), split.train.selecting(rows.val))
        } else {
            let rows = try FewShotDraw.draw(
                scheme, train: split.train.labels, val: split.val.labels, shots: shots, seed: seed,
                subject: input.name)
            drawn.train = split.train.selecting(rows.train)
            if let val = rows.val { drawn.val = split.val.selecting(val) }
        }
        return drawn
    }

    /// The classes with fewer than `shots` items to train on, with how many they have.
    public func shortClasses(shots: Int) -> [(name: String, items: Int)] {
        zip(split.classes, split.train.counts(classCount: split.classes.count))
            .filter { $0.1 < shots }.map { ($0.0, $0.1) }
    }
}

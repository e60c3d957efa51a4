public import Core

extension SplitFile {
    /// Returns the few-shot split that `scheme` samples from this one; the test subset stays whole.
    ///
    /// If the val subset is empty and `valFromTrain` is true, val is sampled from the remaining train items.
    ///
    /// - Throws: `badData` if the split is a sample already, or a class is too small for the scheme.
    public func sampled(
        _ scheme: FewShotSample.Scheme, shots: Int, seed: Int, valFromTrain: Bool = false
    ) throws(Fault) -> Split {
        if let sample = split.sample {
            throw .badData(
                input.name, found: "a few-shot sample of \(sample.shots) shots", expected: "a whole split",
                remedy: "sample from the split that it was sampled from")
        }
        let sample: FewShotSample
        var settings = ["scheme": scheme.rawValue, "shots": "\(shots)", "seed": "\(seed)"]
        if valFromTrain {
            guard split.val.isEmpty else {
                throw .badData(
                    input.name, found: "\(split.val.count) val items",
                    expected: "none where val is sampled from train", remedy: "leave out \(option: "val_from_train")")
            }
            settings["val"] = "from train"
            sample = FewShotSample(scheme, trainAndValFrom: split.train.labels, shots: shots, seed: seed)
        } else {
            sample = try FewShotSample(
                scheme, train: split.train.labels, val: split.val.labels, shots: shots, seed: seed,
                subject: input.name)
        }
        var sampled = split
        sampled.sample = SampleRecord(shots: shots, seed: seed, scheme: scheme, parent: input.digest)
        sampled.provenance = Provenance(tool: "fewshot-split", inputs: [input], settings: settings)
        sampled.train = split.train.selecting(sample.train)
        if let val = sample.val { sampled.val = (valFromTrain ? split.train : split.val).selecting(val) }
        return sampled
    }

    /// Returns the classes with fewer than `shots` train items, and their number of items.
    public func shortClasses(shots: Int) -> [(name: String, items: Int)] {
        zip(split.classes, split.train.counts(classCount: split.classes.count))
            .filter { $0.1 < shots }.map { ($0.0, $0.1) }
    }
}

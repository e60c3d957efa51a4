internal import Adapter
internal import Core
internal import FeatureStore
internal import Splits

/// The training and validation items of one few-shot sample, as rows of their subsets; nil is the whole subset.
struct SampledRows: Sendable {
    var train: [Int]?
    var val: [Int]?
    /// Whether the validation items are of the train subset.
    var isValFromTrain = false
    /// Sentences for the user.
    var notes: [String] = []

    /// Samples by the study's scheme.
    ///
    /// - Throws: `badData` if a class has fewer items than `shots`, unless the study allows that.
    init(_ study: Study, shots: Shots, seed: UInt64, _ opened: OpenedFolder) throws(Fault) {
        let train = try opened.require(.train, remedy: "import a train subset, or run zero-shot, which needs none")
        let val = opened.val
        let classes = opened.folder.classes
        guard let count = shots.number else {
            try train.requireWhole("training on all items")
            return
        }
        guard let seed = Int(exactly: seed) else {
            throw .configuration(option: "seeds", found: "\(seed)", expected: "at most \(Int.max)")
        }
        let labels = try train.partLabels()
        let counts: [Int: Int] = labels.reduce(into: [:]) { counts, label in counts[label, default: 0] += 1 }
        let short = (opened.chosen ?? Array(classes.indices)).map { (label: $0, items: counts[$0] ?? 0) }
            .filter { $0.items < count }
        if let least = short.min(by: { $0.items < $1.items }) {
            let found =
                "\(short.count) of \(opened.classes.count) classes with fewer than \(count) items, "
                + "'\(classes[least.label])' with \(least.items)"
            guard study.allowsFewer else {
                throw .badData(
                    train.name, found: found, expected: "\(count) items per class",
                    remedy: """
                        choose fewer shots, take all items with \(option: "shots", "all"), or at most \(count) per class \
                        with \(option: "allow_fewer")
                        """)
            }
            notes.append(found)
        }
        let name = "\(count) shots, seed \(seed), scheme \(study.scheme.rawValue)"
        if study.takesValFromTrain, val == nil {
            try study.scheme.requireValFromTrain()
            let sample = FewShotSample(study.scheme, trainAndValFrom: labels, shots: count, seed: seed)
            self.train = try train.items(sample.train, of: name)
            self.val = try Self.heldOut(study.validation, sample, labels, train, of: name)
            isValFromTrain = true
            return
        }
        let sample = try FewShotSample(
            study.scheme, train: labels, val: try val?.partLabels() ?? [], shots: count, seed: seed,
            subject: train.name)
        self.train = try train.items(sample.train, of: name)
        if study.validation == .full || study.selection == .paper {
            try val?.requireWhole(study.selection == .paper ? "the paper protocol" : "validation on all items")
        } else {
            self.val = try sample.val.flatMap { rows throws(Fault) in try val?.items(rows, of: name) }
        }
    }

    /// The items of train beyond the sample called `name` to validate on.
    ///
    /// - Throws: `badData` if no class has such items, or if they are not stored.
    private static func heldOut(
        _ size: ValidationSize, _ sample: FewShotSample, _ labels: [Int], _ train: OpenedPart, of name: String
    ) throws(Fault) -> [Int] {
        var rows = sample.val ?? []
        if size == .full {
            try train.requireWhole("validation on all other items")
            let taken = Set(sample.train)
            rows = labels.indices.filter { !taken.contains($0) }
        }
        let items: [Int]
        do throws(Fault) { items = try train.items(rows, of: "\(name), val from train") } catch {
            throw error.with(remedy: "\(action: .addSamples) and \(option: "val_from_train"), or leave it out")
        }
        guard !items.isEmpty else {
            throw .badData(
                train.name, found: "no train items beyond the sample (\(name))", expected: "some to validate on",
                remedy: "choose fewer shots, or train with \(option: "protocol", "fixed")")
        }
        return items
    }
}

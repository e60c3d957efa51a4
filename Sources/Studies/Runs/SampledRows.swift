internal import Adapter
internal import Core
internal import FeatureStore
internal import Splits

/// The items of one few-shot sample, as rows of their subsets.
struct SampledRows: Sendable {
    /// The training items; nil for the whole subset.
    let train: [Int]?
    /// Sentences for the user.
    private(set) var notes: [String] = []

    private let study: Study
    private let opened: OpenedFolder
    /// The number of shots and the seed; nil for the whole train subset.
    private let drawn: (count: Int, seed: Int)?

    /// Samples by the study's scheme.
    ///
    /// - Throws: `badData` if a class has fewer items than `shots`, unless the study allows that.
    init(_ study: Study, shots: Shots, seed: UInt64, _ opened: OpenedFolder) throws(Fault) {
        self.study = study
        self.opened = opened
        let train = try Self.train(of: opened)
        guard let count = shots.number else {
            try train.requireWhole("training on all items")
            drawn = nil
            self.train = nil
            return
        }
        guard let seed = Int(exactly: seed) else {
            throw .configuration(option: "seeds", found: "\(seed)", expected: "at most \(Int.max)")
        }
        drawn = (count, seed)
        let labels = try train.partLabels()
        if let found = Self.shortage(of: labels, opened, count) {
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
        let sample = try FewShotSample(
            study.scheme, train: labels, val: [Int](), shots: count, seed: seed, subject: train.name)
        self.train = try train.items(sample.train, of: Self.name(count, seed, study))
    }

    /// The rows of validation items in their subset; nil for the whole subset.
    ///
    /// - Throws: `badData` if items are not stored, or if none are left.
    func validation(_ items: ValidationItems) throws(Fault) -> [Int]? {
        let train = try Self.train(of: opened)
        guard items.source == .train else {
            let subset = try opened.require(items.source, remedy: "import a \(items.source.rawValue) subset")
            guard let drawn, let count = items.count(shots: drawn.count) else {
                try subset.requireWhole(
                    study.selection == .paper ? "the paper protocol" : "validation on all items")
                return nil
            }
            let sample = try FewShotSample(
                study.scheme, train: train.partLabels(), val: subset.partLabels(),
                count: .init(drawn.count, val: count), seed: drawn.seed, subject: train.name)
            return try sample.val.map { rows throws(Fault) in
                try subset.items(rows, of: Self.name(drawn.count, drawn.seed, study))
            }
        }
        guard let drawn else { preconditionFailure("all train items are in the sample") }
        try study.scheme.requireValFromTrain()
        let labels = try train.partLabels()
        let count = items.count(shots: drawn.count)
        let sample = FewShotSample(
            study.scheme, trainAndValFrom: labels, count: .init(drawn.count, val: count), seed: drawn.seed)
        return try Self.heldOut(
            count == nil, sample, labels, train, of: Self.name(drawn.count, drawn.seed, study))
    }

    private static func train(of opened: OpenedFolder) throws(Fault) -> OpenedPart {
        try opened.require(.train, remedy: "import a train subset, or run zero-shot, which needs none")
    }

    private static func name(_ count: Int, _ seed: Int, _ study: Study) -> String {
        "\(count) shots, seed \(seed), scheme \(study.scheme.rawValue)"
    }

    /// A phrase on the classes with fewer than `count` items; nil if there are none.
    private static func shortage(of labels: [Int], _ opened: OpenedFolder, _ count: Int) -> String? {
        let counts: [Int: Int] = labels.reduce(into: [:]) { counts, label in counts[label, default: 0] += 1 }
        let classes = opened.folder.classes
        let short = (opened.chosen ?? Array(classes.indices)).map { (label: $0, items: counts[$0] ?? 0) }
            .filter { $0.items < count }
        guard let least = short.min(by: { $0.items < $1.items }) else { return nil }
        return "\(short.count) of \(opened.classes.count) classes with fewer than \(count) items, "
            + "'\(classes[least.label])' with \(least.items)"
    }

    /// The items of train beyond the sample called `name` to validate on: all, or those that were sampled.
    ///
    /// - Throws: `badData` if no class has such items, or if they are not stored.
    private static func heldOut(
        _ takesAll: Bool, _ sample: FewShotSample, _ labels: [Int], _ train: OpenedPart, of name: String
    ) throws(Fault) -> [Int] {
        var rows = sample.val ?? []
        if takesAll {
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

public import Core

/// K items per class, sampled as the published few-shot code does: the same seed gives the same items.
public struct FewShotSample: Sendable, Equatable {
    /// The published code whose sampling is reproduced.
    public enum Scheme: String, Sendable, Codable, CaseIterable {
        /// CoOp: K items of train, then min(K, 4) of val. A class with fewer items keeps all of them.
        case coop
        /// Tip-Adapter: K items of train only. A class with fewer items is filled up by repetition.
        case tip
        /// CoOp's linear probe: NumPy's generator, classes in label order, K items of train and min(K, 4) of val.
        case lpclip
    }

    /// The numbers of items per class.
    public struct Count: Sendable, Equatable {
        /// K, the number of train items.
        public var train: Int
        /// The number of val items; nil for that of the scheme.
        public var val: Int?

        /// Takes the number of train items, and that of val items where it is not the scheme's.
        public init(_ train: Int, val: Int? = nil) {
            self.train = train
            self.val = val
        }
    }

    /// Row numbers of the sampled train items, grouped by class.
    public let train: [Int]
    /// Row numbers of the sampled val items, grouped by class; nil selects the whole subset.
    public let val: [Int]?

    /// Samples from the labels of both subsets after seeding with `seed`.
    ///
    /// An empty subset gives an empty sample (ImageNet has no val subset).
    ///
    /// - Throws: `badData` naming `subject` where a class is too small for the scheme.
    public init(
        _ scheme: Scheme, train: some Collection<some BinaryInteger>, val: some Collection<some BinaryInteger>,
        shots: Int, seed: Int, subject: String
    ) throws(Fault) {
        try self.init(scheme, train: train, val: val, count: Count(shots), seed: seed, subject: subject)
    }

    /// Samples given numbers of items from the labels of both subsets after seeding with `seed`.
    ///
    /// The train items do not depend on the number of val items.
    ///
    /// - Throws: `badData` naming `subject` where a class is too small for the scheme.
    public init(
        _ scheme: Scheme, train: some Collection<some BinaryInteger>, val: some Collection<some BinaryInteger>,
        count: Count, seed: Int, subject: String
    ) throws(Fault) {
        let shots = count.train
        precondition(shots > 0, "\(shots) shots")
        switch scheme {
        case .coop:
            var random = PythonRandom(seed: seed)
            self.train = Self.rows(of: train, shots, using: &random, fillsUp: false)
            self.val = Self.rows(of: val, count.val ?? min(shots, 4), using: &random, fillsUp: false)
        case .tip:
            var random = PythonRandom(seed: seed)
            self.train = Self.rows(of: train, shots, using: &random, fillsUp: true)
            self.val = count.val.map { Self.rows(of: val, $0, using: &random, fillsUp: true) }
        case .lpclip:
            guard let word = UInt32(exactly: seed) else {
                throw .configuration(
                    option: "seed", found: "\(seed)", expected: "0 to \(UInt32.max) for the scheme lpclip",
                    remedy: "choose another seed")
            }
            var random = NumPyRandom(seed: word)
            let labels = ClassRows(train).inOrder.map(\.label).sorted()
            func sample(_ subset: Subset, _ classes: ClassRows, _ shots: Int) throws(Fault) -> [Int] {
                var sample: [Int] = []
                for label in labels {
                    let rows = classes.rows(of: label)
                    guard rows.count >= shots else {
                        throw .badData(
                            subject, found: "\(rows.count) \(subset.rawValue) items of class \(label)",
                            expected: "at least \(shots), because NumPy samples without replacement",
                            remedy: "choose fewer shots or the scheme coop")
                    }
                    sample += random.choice(count: shots, from: rows)
                }
                return sample
            }
            self.train = try sample(.train, ClassRows(train), shots)
            self.val = val.isEmpty ? [] : try sample(.val, ClassRows(val), count.val ?? min(shots, 4))
        }
    }

    /// Samples both subsets from the train items: K per class, then min(K, 4) of the rest of each class for val.
    ///
    /// For data sets without a val subset, for which the published code selects on the test subset. The train items
    /// are those of ``init(_:train:val:shots:seed:subject:)``.
    public init(
        _ scheme: Scheme, trainAndValFrom labels: some Collection<some BinaryInteger>, shots: Int, seed: Int
    ) {
        self.init(scheme, trainAndValFrom: labels, count: Count(shots), seed: seed)
    }

    /// Samples given numbers of items of both subsets from the train items.
    public init(
        _ scheme: Scheme, trainAndValFrom labels: some Collection<some BinaryInteger>, count: Count, seed: Int
    ) {
        precondition(scheme != .lpclip, "lpclip samples with NumPy's generator")
        var random = PythonRandom(seed: seed)
        train = Self.rows(of: labels, count.train, using: &random, fillsUp: scheme == .tip)
        let taken = Set(train)
        var val: [Int] = []
        for (_, rows) in ClassRows(labels).inOrder {
            let rest = rows.filter { !taken.contains($0) }
            val += random.sample(count: min(count.val ?? min(count.train, 4), rest.count), from: rest)
        }
        self.val = val
    }

    /// Samples class by class in order of first appearance in `labels`, as Dassl's `split_dataset_by_label` does.
    private static func rows(
        of labels: some Collection<some BinaryInteger>, _ shots: Int, using random: inout PythonRandom, fillsUp: Bool
    ) -> [Int] {
        var sample: [Int] = []
        for (_, rows) in ClassRows(labels).inOrder {
            if rows.count >= shots {
                sample += random.sample(count: shots, from: rows)
            } else {
                sample += fillsUp ? random.choices(count: shots, from: rows) : rows
            }
        }
        return sample
    }
}

extension FewShotSample.Scheme {
    /// Checks that the scheme can sample val items from train.
    ///
    /// - Throws: `configuration` for `lpclip`, whose generator is NumPy's.
    package func requireValFromTrain() throws(Fault) {
        guard self == .lpclip else { return }
        throw .configuration(
            option: "val_from_train", found: "the scheme lpclip", expected: "coop or tip",
            remedy: "choose another \(option: "scheme")")
    }
}

/// The row numbers of each class of a subset.
private struct ClassRows {
    /// Classes in order of first appearance.
    private(set) var inOrder: [(label: Int, rows: [Int])] = []
    private var indices: [Int?] = []

    init(_ labels: some Collection<some BinaryInteger>) {
        for (row, label) in labels.enumerated() {
            let label = Int(label)
            if label >= indices.count { indices += [Int?](repeating: nil, count: label + 1 - indices.count) }
            if let index = indices[label] {
                inOrder[index].rows.append(row)
            } else {
                indices[label] = inOrder.count
                inOrder.append((label, [row]))
            }
        }
    }

    func rows(of label: Int) -> [Int] {
        guard label < indices.count, let index = indices[label] else { return [] }
        return inOrder[index].rows
    }
}

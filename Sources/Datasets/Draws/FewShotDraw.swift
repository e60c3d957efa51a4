public import Core

/// Draws K items a class as the published few-shot code does, so that the same seed names the same items.
public enum FewShotDraw {
    /// Whose rule.
    public enum Scheme: String, Sendable, Codable, CaseIterable {
        /// CoOp's: K of train, then min(K, 4) of val; a class with fewer keeps what there is and draws nothing.
        case coop
        /// Tip-Adapter's: train only; a class with fewer than K items is filled with repetition.
        case tip
        /// That of CoOp's linear probe: NumPy's generator, classes in the order of labels, K of train and min(K, 4) of val.
        case lpclip
    }

    /// Row numbers of the drawn items, grouped by class; nil is the whole part.
    public struct Rows: Sendable, Equatable {
        public let train: [Int]
        public let val: [Int]?
    }

    /// Draws from a split's labels as `scheme` does after seeding with `seed`.
    ///
    /// A part without items draws nothing: ImageNet has no val part.
    ///
    /// - Throws: `badData` where the scheme cannot draw from so small a class, naming `subject`.
    public static func draw(
        _ scheme: Scheme, train: some Collection<some BinaryInteger>, val: some Collection<some BinaryInteger>,
        shots: Int, seed: Int, subject: String
    ) throws(Fault) -> Rows {
        precondition(shots > 0, "\(shots) shots")
        switch scheme {
        case .coop:
            var random = PythonRandom(seed: seed)
            let rows = draw(train, shots, using: &random, fillsUp: false)
            return Rows(train: rows, val: draw(val, min(shots, 4), using: &random, fillsUp: false))
        case .tip:
            var random = PythonRandom(seed: seed)
            return Rows(train: draw(train, shots, using: &random, fillsUp: true), val: nil)
        case .lpclip:
            guard let word = UInt32(exactly: seed) else {
                throw .configuration(
                    "--seed", found: "\(seed)", expected: "0 to \(UInt32.max) for the scheme lpclip",
                    remedy: "choose another")
            }
            var random = NumPyRandom(seed: word)
            let labels = ClassRows(train).byLabel.map(\.label)
            let rows = try draw(train, labels, shots, using: &random, subject, .train)
            return Rows(
                train: rows,
                val: val.isEmpty ? [] : try draw(val, labels, min(shots, 4), using: &random, subject, .val))
        }
    }

    /// Draws both parts from the train part: first as `scheme` does, then min(K, 4) of what is left of each class.
    ///
    /// For data sets without a val part, whose published code chooses on the test part instead. The train items are those
    /// that ``draw(_:train:val:shots:seed:subject:)`` gives.
    public static func drawBoth(
        _ scheme: Scheme, from labels: some Collection<some BinaryInteger>, shots: Int, seed: Int
    ) -> (train: [Int], val: [Int]) {
        precondition(scheme != .lpclip, "lpclip draws with NumPy's generator")
        var random = PythonRandom(seed: seed)
        let train = draw(labels, shots, using: &random, fillsUp: scheme == .tip)
        let drawn = Set(train)
        var val: [Int] = []
        for (_, rows) in ClassRows(labels).inOrder {
            let rest = rows.filter { !drawn.contains($0) }
            val += random.sample(count: min(shots, 4, rest.count), from: rest)
        }
        return (train, val)
    }

    /// Classes come in the order in which `labels` first names them, as in Dassl's `split_dataset_by_label`.
    private static func draw(
        _ labels: some Collection<some BinaryInteger>, _ shots: Int, using random: inout PythonRandom, fillsUp: Bool
    ) -> [Int] {
        var drawn: [Int] = []
        for (_, rows) in ClassRows(labels).inOrder {
            if rows.count >= shots {
                drawn += random.sample(count: shots, from: rows)
            } else {
                drawn += fillsUp ? random.choices(count: shots, from: rows) : rows
            }
        }
        return drawn
    }

    private static func draw(
        _ items: some Collection<some BinaryInteger>, _ labels: [Int], _ shots: Int, using random: inout NumPyRandom,
        _ subject: String, _ part: Part
    ) throws(Fault) -> [Int] {
        let classes = ClassRows(items)
        var drawn: [Int] = []
        for label in labels {
            let rows = classes.rows(of: label)
            guard rows.count >= shots else {
                throw .badData(
                    subject, found: "\(rows.count) \(part.rawValue) items of class \(label)",
                    expected: "at least \(shots), as NumPy draws without repetition",
                    remedy: "choose fewer shots or the scheme coop")
            }
            drawn += random.choice(count: shots, from: rows)
        }
        return drawn
    }
}

/// The rows of each class of a part.
private struct ClassRows {
    /// Classes in the order in which the part first names them.
    private(set) var inOrder: [(label: Int, rows: [Int])] = []
    private var places: [Int?] = []

    init(_ labels: some Collection<some BinaryInteger>) {
        for (row, label) in labels.enumerated() {
            let label = Int(label)
            if label >= places.count { places += [Int?](repeating: nil, count: label + 1 - places.count) }
            if let place = places[label] {
                inOrder[place].rows.append(row)
            } else {
                places[label] = inOrder.count
                inOrder.append((label, [row]))
            }
        }
    }

    var byLabel: [(label: Int, rows: [Int])] { inOrder.sorted { $0.label < $1.label } }

    func rows(of label: Int) -> [Int] {
        guard label < places.count, let place = places[label] else { return [] }
        return inOrder[place].rows
    }
}

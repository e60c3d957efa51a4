/// Draws K items a class as the published few-shot code does, so that the same seed names the same items.
public enum FewShotDraw {
    /// What happens to a class with fewer than K items.
    public enum Scheme: String, Sendable, Codable, CaseIterable {
        /// CoOp's: it keeps what there is and draws nothing.
        case coop
        /// Tip-Adapter's: K items are drawn with repetition.
        case tip
    }

    /// Draws `shots` items a class; classes come in the order in which `labels` [N] first names them.
    ///
    /// - Returns: row numbers, grouped by class.
    public static func draw(
        labels: [Int], shots: Int, scheme: Scheme, using random: inout PythonRandom
    ) -> [Int] {
        precondition(shots > 0, "\(shots) shots")
        var classes: [Int] = []
        var rows: [Int: [Int]] = [:]
        for (row, label) in labels.enumerated() {
            if rows[label] == nil { classes.append(label) }
            rows[label, default: []].append(row)
        }
        return classes.flatMap { label in
            let items = rows[label, default: []]
            if items.count >= shots { return random.sample(count: shots, from: items) }
            return scheme == .coop ? items : random.choices(count: shots, from: items)
        }
    }

    /// The items that CoOp trains on and chooses by: K of each class of `train`, then min(K, 4) of `val`.
    ///
    /// - Returns: row numbers of the two parts, as `random.seed(seed)` makes them.
    public static func coopDraw(
        train: [Int], val: [Int], shots: Int, seed: Int
    ) -> (train: [Int], val: [Int]) {
        var random = PythonRandom(seed: seed)
        let trainRows = draw(labels: train, shots: shots, scheme: .coop, using: &random)
        return (trainRows, draw(labels: val, shots: min(shots, 4), scheme: .coop, using: &random))
    }

    /// The items that Tip-Adapter trains on: K of each class; its code seeds with 1.
    public static func tipDraw(train: [Int], shots: Int, seed: Int = 1) -> [Int] {
        var random = PythonRandom(seed: seed)
        return draw(labels: train, shots: shots, scheme: .tip, using: &random)
    }
}

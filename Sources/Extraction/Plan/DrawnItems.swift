internal import Core
internal import Datasets
internal import FeatureStore

/// The union of few-shot samples, in the order of the subset.
struct DrawnItems {
    let train: WholePart
    /// nil if a sample takes no items of val, so that the whole subset is needed.
    let val: WholePart?

    /// Draws a sample for every number of shots and every seed.
    init(_ request: DrawRequest, _ split: Split, subject: String) throws(Fault) {
        var train = UnionOfDraws()
        var val = UnionOfDraws()
        var isDrawnFromVal = true
        for shots in request.shots {
            for seed in request.seeds {
                let rows = try FewShotDraw.draw(
                    request.scheme, train: split.train.labels, val: split.val.labels, shots: shots, seed: seed,
                    subject: subject)
                train.add(rows.train)
                if let drawn = rows.val { val.add(drawn) } else { isDrawnFromVal = false }
            }
        }
        self.train = WholePart(rows: train.rows, labels: split.train.labels)
        self.val = isDrawnFromVal ? WholePart(rows: val.rows, labels: split.val.labels) : nil
    }
}

/// Rows, each as often as in the sample that has it most often.
private struct UnionOfDraws {
    private var times: [Int: Int] = [:]

    mutating func add(_ draw: [Int]) {
        var counts: [Int: Int] = [:]
        for row in draw { counts[row, default: 0] += 1 }
        times.merge(counts) { max($0, $1) }
    }

    var rows: [Int32] {
        times.sorted { $0.key < $1.key }.flatMap { Array(repeating: Int32($0.key), count: $0.value) }
    }
}

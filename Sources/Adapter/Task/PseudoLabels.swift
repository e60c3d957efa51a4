internal import Core
internal import Kernels

extension Unlabelled {
    /// The `shots` items of each class that zero-shot CLIP is surest of, labelled as it sees them.
    ///
    /// An item counts for the class of its largest logit 100·f·Tᵀ (the first of equals), and items are ranked by that
    /// class's log-probability; the first of equals stays first. A class that is predicted nowhere takes the items that are
    /// likeliest to be its own, which may be another class's too. Classes with fewer items have fewer.
    func surest(_ shots: Int, text: Matrix) throws(Fault) -> Support {
        let classes = text.rows
        var predicted = [Ranking](repeating: Ranking(limit: shots), count: classes)
        var likeliest = predicted
        try forEachBlock(of: 1024) { block, features throws(Fault) in
            var logits = product(features, text, transposingB: true, scale: 100)
            let tops = largestIndices(logits)
            for (row, item) in block.enumerated() {
                let (top, best) = (tops[row], logits[row, tops[row]])
                let rest = rivalMass(&logits, row: row, top: top)
                predicted[top].add(item, doubt: rest)
                let total = naturalLogarithm(1 + rest)
                for c in 0 ..< classes { likeliest[c].add(item, doubt: Double(best - logits[row, c]) + total) }
            }
        }
        let chosen = zip(predicted, likeliest).map { $0.items.isEmpty ? $1.items : $0.items }
        let labels = chosen.enumerated().flatMap { label, items in items.map { _ in label } }
        return labelled(chosen.flatMap { $0 }, as: labels, classCount: classes)
    }
}

/// `Σ exp(z_j − z_top)` over the other classes of a row: as small as the prediction is sure, with all its digits.
///
/// The largest logit itself is put far below the others meanwhile.
private func rivalMass(_ logits: inout Matrix, row: Int, top: Int) -> Double {
    let (classes, best) = (logits.columns, logits[row, top])
    logits[row, top] = best - 1e4
    defer { logits[row, top] = best }
    let others = logits.span.row(row, width: classes)
    var sum = 0.0
    for k in 0 ..< others.vectorCount { sum += Double(sumOfLanes(exponential(others[vector: k] - best))) }
    for i in others.remainder { sum += Double(exponential(others[i] - best)) }
    return sum
}

/// The items with the least doubt, the least first.
private struct Ranking {
    private let limit: Int
    private var doubts: [Double] = []
    private(set) var items: [Int] = []

    init(limit: Int) { self.limit = limit }

    /// Takes an item in unless `limit` others are no worse.
    mutating func add(_ item: Int, doubt: Double) {
        if items.count == limit, let worst = doubts.last, worst <= doubt { return }
        let place = doubts.firstIndex { $0 > doubt } ?? doubts.count
        doubts.insert(doubt, at: place)
        items.insert(item, at: place)
        guard items.count > limit else { return }
        doubts.removeLast()
        items.removeLast()
    }
}

internal import Core
internal import Kernels

extension Unlabelled {
    /// The `shots` most confident zero-shot predictions of each class, labeled with the predicted class.
    ///
    /// The predicted class is that of the largest logit σ·f·Tᵀ, the first of equals. Items are ranked by the
    /// log-probability of that class; equals keep their order. A class that is never predicted takes the items with the
    /// highest probability of it, which may belong to another class too. Classes with fewer items have fewer.
    func surest(_ shots: Int, text: TextTerm) throws(Fault) -> Support {
        let classes = text.classCount
        var predicted = [Ranking](repeating: Ranking(limit: shots), count: classes)
        var likeliest = predicted
        try forEachBlock(of: 1024) { block, features throws(Fault) in
            var logits = product(features, text.embeddings, transposingB: true, scale: text.scale)
            let tops = largestIndices(logits)
            for (row, item) in block.enumerated() {
                let top = tops[row]
                let best = logits[row, top]
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

/// `Σ exp(z_j − z_top)` over the other classes of a row: small for a confident prediction, to full precision.
///
/// The largest logit is temporarily far below the others, so it adds nothing.
private func rivalMass(_ logits: inout Matrix, row: Int, top: Int) -> Double {
    let classes = logits.columns
    let best = logits[row, top]
    logits[row, top] = best - 1e4
    defer { logits[row, top] = best }
    let others = logits.span.row(row, width: classes)
    var sum = 0.0
    for k in 0 ..< others.vectorCount { sum += Double(sumOfLanes(exponential(others[vector: k] - best))) }
    for i in others.remainder { sum += Double(exponential(others[i] - best)) }
    return sum
}

/// The items with the least doubt, in rising order.
private struct Ranking {
    private let limit: Int
    private var doubts: [Double] = []
    private(set) var items: [Int] = []

    init(limit: Int) { self.limit = limit }

    /// Adds an item unless `limit` items have no more doubt.
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

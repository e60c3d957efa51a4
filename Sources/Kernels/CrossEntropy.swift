internal import Core

/// The mean cross-entropy of `logits` [N×C] under `labels` [N], `−log softmax(z)_y`.
///
/// Sums are taken in `Double`, row after row.
public func crossEntropy(_ logits: Matrix, labels: [Int]) -> Double {
    precondition(labels.count == logits.rows)
    var sum = 0.0
    logits.read { z in
        for i in 0 ..< labels.count {
            let row = z.from(i * logits.columns, count: logits.columns)
            let (top, total) = row.exponentialSum()
            sum += Double(top - row[labels[i]]) + naturalLogarithm(Double(total))
        }
    }
    return sum / Double(max(1, labels.count))
}

/// The mean cross-entropy, and its gradient `g = (softmax(z) − onehot(y))/N` in place of `logits` [N×C].
public func crossEntropyGradient(_ logits: inout Matrix, labels: [Int]) -> Double {
    let (rows, classes) = (logits.rows, logits.columns)
    precondition(labels.count == rows)
    var losses = Matrix.zeros(rows, 1)
    logits.write { z in
        losses.write { losses in
            Parallel.forEachPiece(of: rows, size: 16) { piece in
                for i in piece {
                    let row = z.from(i * classes, count: classes)
                    let (top, total) = row.exponentialSum()
                    losses[i] = top - row[labels[i]] + naturalLogarithm(total)
                    let scale = 1 / (total * Float(rows))
                    row.mapLanes { exponential($1 - top) * scale }
                    row[labels[i]] -= 1 / Float(rows)
                }
            }
        }
    }
    return losses.elements.reduce(0) { $0 + Double($1) } / Double(max(1, rows))
}

extension Strip {
    /// The largest element, and Σ exp(z − largest).
    func exponentialSum() -> (top: Float, total: Float) {
        var top = self[0]
        for i in 1 ..< max(1, count) { top = max(top, self[i]) }
        let whole = count / 16 * 16
        var sum = SIMD16<Float>.zero
        for i in stride(from: 0, to: whole, by: 16) { sum += exponential(self[lanes: i] - top) }
        var total = sumOfLanes(sum)
        for i in whole ..< count { total += exponential(self[i] - top) }
        return (top, total)
    }
}

/// How many rows of `logits` [N×C] have their largest element (the first of equals) at the label.
public func rightCount(_ logits: Matrix, labels: [Int]) -> Int {
    precondition(labels.count == logits.rows)
    return zip(largestIndices(logits), labels).reduce(0) { $0 + ($1.0 == $1.1 ? 1 : 0) }
}

/// The share of rows of `logits` [N×C] whose largest element (the first of equals) stands at the label, in percent.
public func accuracy(_ logits: Matrix, labels: [Int]) -> Double {
    percent(rightCount(logits, labels: labels), of: labels.count)
}

/// `count` in percent of `total`, rounded as the peers round it: the share first.
public func percent(_ count: Int, of total: Int) -> Double { 100 * (Double(count) / Double(max(1, total))) }

/// The column of the largest element of each row, the first of equals.
public func largestIndices(_ logits: Matrix) -> [Int] {
    logits.read { z in
        (0 ..< logits.rows).map { i in
            let row = z.from(i * logits.columns, count: logits.columns)
            var best = 0
            for c in 1 ..< max(1, row.count) where row[c] > row[best] { best = c }
            return best
        }
    }
}

internal import Core

/// Returns the mean cross-entropy of `logits` [N×C] for `labels` [N], `−log softmax(z)_y`.
///
/// The sum over rows is computed in `Double`.
public func crossEntropy(_ logits: Matrix, labels: [Int]) -> Double {
    precondition(labels.count == logits.rows)
    var sum = 0.0
    for i in 0 ..< labels.count {
        let row = logits.span.row(i, width: logits.columns)
        let (top, total) = row.exponentialSum()
        sum += Double(top - row[labels[i]]) + naturalLogarithm(Double(total))
    }
    return sum / Double(max(1, labels.count))
}

/// Returns the mean cross-entropy and replaces `logits` [N×C] by its gradient `g = (softmax(z) − onehot(y))/N`.
public func crossEntropyGradient(_ logits: inout Matrix, labels: [Int]) -> Double {
    let rows = logits.rows
    precondition(labels.count == rows)
    var losses = [Float](repeating: 0, count: rows)
    Parallel.forEachRow(of: rows, size: 16, &logits, &losses) { i, row, loss in
        let (top, total) = row.span.exponentialSum()
        loss[0] = top - row[labels[i]] + naturalLogarithm(total)
        let scale = 1 / (total * Float(rows))
        row.mapVectors { exponential($1 - top) * scale }
        row[labels[i]] -= 1 / Float(rows)
    }
    return losses.reduce(0) { $0 + Double($1) } / Double(max(1, rows))
}

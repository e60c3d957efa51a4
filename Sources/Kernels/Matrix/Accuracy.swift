/// Returns the number of rows of `logits` [N×C] whose largest element (the first of equals) is at the label.
public func rightCount(_ logits: Matrix, labels: [Int]) -> Int {
    precondition(labels.count == logits.rows)
    return zip(largestIndices(logits), labels).reduce(0) { $0 + ($1.0 == $1.1 ? 1 : 0) }
}

/// Returns the percentage of rows of `logits` [N×C] whose largest element (the first of equals) is at the label.
public func accuracy(_ logits: Matrix, labels: [Int]) -> Double {
    percent(rightCount(logits, labels: labels), of: labels.count)
}

/// Returns `count` in percent of `total`.
///
/// The fraction is rounded first, as in the published code.
public func percent(_ count: Int, of total: Int) -> Double { 100 * (Double(count) / Double(max(1, total))) }

/// Returns the column of the largest element of each row, the first of equals.
public func largestIndices(_ logits: Matrix) -> [Int] {
    (0 ..< logits.rows).map { i in
        let row = logits.span.row(i, width: logits.columns)
        guard row.count > 0 else { return 0 }
        var tops = SIMD16<Float>(repeating: row[0])
        for k in 0 ..< row.vectorCount { tops = larger(tops, row[vector: k]) }
        var top = largestLane(tops)
        for c in row.remainder where row[c] > top { top = row[c] }
        for c in 0 ..< row.count where row[c] == top { return c }
        return 0  // The first element is NaN.
    }
}

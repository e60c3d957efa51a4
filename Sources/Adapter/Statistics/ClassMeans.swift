internal import Kernels

/// The sum of the rows of each class [C×D].
func classSums(_ rows: Matrix, labels: [Int], classCount: Int) -> Matrix {
    let width = rows.columns
    var sums = Matrix.zeros(classCount, width)
    var out = sums.mutableSpan
    for (i, label) in labels.enumerated() {
        var sum = out.row(label, width: width)
        sum.add(rows.span.row(i, width: width))
    }
    return sums
}

/// The mean of the rows of each class [C×D], and their number; zero for a class without rows.
func classMeans(_ rows: Matrix, labels: [Int], classCount: Int) -> (means: Matrix, counts: [Float]) {
    var means = classSums(rows, labels: labels, classCount: classCount)
    var counts = [Float](repeating: 0, count: classCount)
    for label in labels { counts[label] += 1 }
    scaleRows(&means, by: counts.map { $0 > 0 ? 1 / $0 : 0 })
    return (means, counts)
}

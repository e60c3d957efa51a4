internal import Kernels

/// The sum of the rows of each class [C×D].
func classSums(_ rows: Matrix, labels: [Int], classCount: Int) -> Matrix {
    let width = rows.columns
    var sums = Matrix.zeros(classCount, width)
    rows.read { rows in
        sums.write { sums in
            for (i, label) in labels.enumerated() {
                sums.from(label * width, count: width).add(rows.from(i * width, count: width))
            }
        }
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

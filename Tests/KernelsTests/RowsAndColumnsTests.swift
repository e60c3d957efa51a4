import Core
import Kernels
import TestSupport
import Testing

// Widths below, at and beyond whole vectors of sixteen.
private let widths = [1, 15, 16, 17, 40]

private func sample(_ width: Int) -> Matrix {
    var generator = SeededGenerator(seed: UInt64(width))
    return randomMatrix(5, width, using: &generator)
}

/// The matrix whose element (i, j) is `value(i, j)`.
private func matrix(_ rows: Int, _ columns: Int, _ value: (Int, Int) -> Float) -> Matrix {
    Matrix((0 ..< rows * columns).map { value($0 / columns, $0 % columns) }, rows: rows, columns: columns)
}

@Test(arguments: widths) func rowsAndColumnsAreScaledByTheirOwnFactors(_ width: Int) {
    let x = sample(width)
    let ofRows = (0 ..< 5).map { Float($0) - 1.5 }
    let ofColumns = (0 ..< width).map { Float($0) * 0.25 }
    var scaledRows = x
    var scaledColumns = x
    scaleRows(&scaledRows, by: ofRows)
    scaleColumns(&scaledColumns, by: ofColumns)
    #expect(scaledRows == matrix(5, width) { x[$0, $1] * ofRows[$0] })
    #expect(scaledColumns == matrix(5, width) { x[$0, $1] * ofColumns[$1] })
}

@Test(arguments: widths) func aRowIsAddedToEachRow(_ width: Int) {
    let x = sample(width)
    let row = (0 ..< width).map { Float($0) }
    var found = x
    addRow(row, scale: 2, to: &found)
    #expect(found == matrix(5, width) { x[$0, $1] + row[$1] * 2 })
}

@Test(arguments: widths) func columnDotsAreSumsDownTheColumns(_ width: Int) {
    let x = sample(width)
    let expected = (0 ..< width).map { j in (0 ..< 5).reduce(Float(0)) { $0 + x[$1, j] * x[$1, j] } }
    #expect(columnDots(x, x) == expected)
    #expect(columnSums(x) == (0 ..< width).map { j in (0 ..< 5).reduce(Float(0)) { $0 + x[$1, j] } })
}

@Test(arguments: widths) func rowsAndColumnsAreTakenInTheOrderAskedFor(_ width: Int) {
    let x = sample(width)
    let columns = [width - 1, 0, width / 2, 0]
    #expect(x.rows(at: [4, 0, 4]) == matrix(3, width) { x[[4, 0, 4][$0], $1] })
    #expect(x.columns(at: columns) == matrix(5, 4) { x[$0, columns[$1]] })
    #expect(x.transposed == matrix(width, 5) { x[$1, $0] })
    #expect(Matrix.stacked([x, x.rows(1 ..< 3)]) == x.rows(at: [0, 1, 2, 3, 4, 1, 2]))
}

@Test(arguments: widths) func sumsAndMultiplesAreElementwise(_ width: Int) {
    let x = sample(width)
    var found = sum(x, x)
    #expect(found == matrix(5, width) { x[$0, $1] + x[$0, $1] })
    scale(&found, by: 0.5)
    add(x, scale: -1, to: &found)
    #expect(found == .zeros(5, width))
}

@Test(arguments: widths) func reluAndItsGradientStopAtZero(_ width: Int) {
    let x = sample(width)
    var y = x
    relu(&y)
    #expect(y == matrix(5, width) { max(0, x[$0, $1]) })
    var d = x
    reluGradient(&d, of: y, scale: 3)
    #expect(d == matrix(5, width) { y[$0, $1] > 0 ? x[$0, $1] * 3 : 0 })
}

@Test(arguments: widths) func softmaxRowsSumToOne(_ width: Int) {
    let x = sample(width)
    var shares = x
    softmaxRows(&shares)
    for i in 0 ..< 5 {
        #expect(abs(shares.row(i).reduce(0, +) - 1) < 1e-5)
        let order = { (row: [Float]) in row.indices.sorted { row[$0] < row[$1] } }
        #expect(order(shares.row(i)) == order(x.row(i)))
    }
}

@Test func aMatrixWithoutRowsOrColumnsIsLeftAlone() {
    for (rows, columns) in [(0, 3), (3, 0), (0, 0)] {
        var x = Matrix.zeros(rows, columns)
        scale(&x, by: 2)
        relu(&x)
        scaleRows(&x, by: [Float](repeating: 1, count: rows))
        addRow([Float](repeating: 1, count: columns), to: &x)
        #expect(sum(x, x) == x && x.transposed == .zeros(columns, rows) && columnSums(x).allSatisfy { $0 == 0 })
    }
}

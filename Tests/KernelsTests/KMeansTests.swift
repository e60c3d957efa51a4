import Core
import Kernels
import TestSupport
import Testing

@Test func heapsThatLieApartAreFound() {
    var generator = SeededGenerator(seed: 21)
    let middles: [[Float]] = [[0, 0, 10], [10, 0, 0], [0, 10, 0], [-10, -10, -10]]
    let rows = (0 ..< 80).flatMap { i in middles[i % 4].map { $0 + 0.3 * generator.normal() } }
    let x = Matrix(rows, rows: 80, columns: 3)
    let (centers, assignments) = kMeans(x, clusters: 4, using: &generator)
    for i in 0 ..< 80 { #expect(assignments[i] == assignments[i % 4]) }
    #expect(Set(assignments).count == 4)
    for heap in 0 ..< 4 {
        let center = centers.row(assignments[heap])
        #expect(zip(center, middles[heap]).allSatisfy { abs($0 - $1) < 0.3 })
    }
}

@Test func eachRowIsNearestToItsCenterWhichIsTheMeanOfItsRows() {
    var generator = SeededGenerator(seed: 22)
    let x = randomMatrix(150, 19, mean: 3, using: &generator)
    let (centers, assignments) = kMeans(x, clusters: 9, using: &generator)
    for i in 0 ..< 150 {
        let distances = (0 ..< 9).map { c in
            (0 ..< 19).reduce(0.0) { $0 + Double((x[i, $1] - centers[c, $1]) * (x[i, $1] - centers[c, $1])) }
        }
        #expect(distances.allSatisfy { distances[assignments[i]] <= $0 + 1e-4 })
    }
    for c in 0 ..< 9 {
        let members = (0 ..< 150).filter { assignments[$0] == c }
        for j in 0 ..< 19 {
            let mean = members.reduce(0) { $0 + x[$1, j] } / Float(members.count)
            #expect(abs(mean - centers[c, j]) < 1e-4)
        }
    }
}

@Test func theGeneratorDecidesAll() {
    var dice = SeededGenerator(seed: 23)
    let x = randomMatrix(60, 5, using: &dice)
    let runs = (0 ..< 2).map { _ in
        var generator = SeededGenerator(seed: 5)
        return kMeans(x, clusters: 7, using: &generator)
    }
    #expect(runs[0].centers == runs[1].centers && runs[0].assignments == runs[1].assignments)
    let serial = Parallel.onOneThread {
        var generator = SeededGenerator(seed: 5)
        return kMeans(x, clusters: 7, using: &generator)
    }
    #expect(serial.centers == runs[0].centers)
}

@Test func asManyClustersAsRowsAreTheRows() {
    var generator = SeededGenerator(seed: 24)
    let x = randomMatrix(6, 4, using: &generator)
    let (centers, assignments) = kMeans(x, clusters: 6, using: &generator)
    #expect(Set(assignments).count == 6)
    for i in 0 ..< 6 { #expect(centers.row(assignments[i]) == x.row(i)) }
}

@Test func copiesOfARowLeaveNoClusterEmpty() {
    var generator = SeededGenerator(seed: 25)
    let x = Matrix([1, 1, 1, 1, 1, 5, 5], rows: 7, columns: 1)
    let (centers, assignments) = kMeans(x, clusters: 4, using: &generator)
    #expect(Set(assignments).count == 4)
    for i in 0 ..< 7 { #expect(centers[assignments[i], 0] == x[i, 0]) }
}

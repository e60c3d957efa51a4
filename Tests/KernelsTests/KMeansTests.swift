import Core
import Kernels
import TestSupport
import Testing

@Test func heapsThatLieApartAreFound() {
    var generator = SeededGenerator(seed: 21)
    let middles: [[Float]] = [[0, 0, 10], [10, 0, 0], [0, 10, 0], [-10, -10, -10]]
    let rows = (0 ..< 80).flatMap { i in middles[i % 4].map { $0 + 0.3 * generator.normal() } }
    let x = Matrix(rows, rows: 80, columns: 3)
    let (centres, owners) = kMeans(x, clusters: 4, using: &generator)
    for i in 0 ..< 80 { #expect(owners[i] == owners[i % 4]) }
    #expect(Set(owners).count == 4)
    for heap in 0 ..< 4 {
        let centre = centres.row(owners[heap])
        #expect(zip(centre, middles[heap]).allSatisfy { abs($0 - $1) < 0.3 })
    }
}

@Test func eachRowIsNearestToItsCentreWhichIsTheMeanOfItsRows() {
    var generator = SeededGenerator(seed: 22)
    let x = randomMatrix(150, 19, mean: 3, using: &generator)
    let (centres, owners) = kMeans(x, clusters: 9, using: &generator)
    for i in 0 ..< 150 {
        let distances = (0 ..< 9).map { c in
            (0 ..< 19).reduce(0.0) { $0 + Double((x[i, $1] - centres[c, $1]) * (x[i, $1] - centres[c, $1])) }
        }
        #expect(distances.allSatisfy { distances[owners[i]] <= $0 + 1e-4 })
    }
    for c in 0 ..< 9 {
        let members = (0 ..< 150).filter { owners[$0] == c }
        for j in 0 ..< 19 {
            let mean = members.reduce(0) { $0 + x[$1, j] } / Float(members.count)
            #expect(abs(mean - centres[c, j]) < 1e-4)
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
    #expect(runs[0].centres == runs[1].centres && runs[0].owners == runs[1].owners)
    let serial = Parallel.onOneThread {
        var generator = SeededGenerator(seed: 5)
        return kMeans(x, clusters: 7, using: &generator)
    }
    #expect(serial.centres == runs[0].centres)
}

@Test func asManyClustersAsRowsAreTheRows() {
    var generator = SeededGenerator(seed: 24)
    let x = randomMatrix(6, 4, using: &generator)
    let (centres, owners) = kMeans(x, clusters: 6, using: &generator)
    #expect(Set(owners).count == 6)
    for i in 0 ..< 6 { #expect(centres.row(owners[i]) == x.row(i)) }
}

@Test func copiesOfARowLeaveNoClusterEmpty() {
    var generator = SeededGenerator(seed: 25)
    let x = Matrix([1, 1, 1, 1, 1, 5, 5], rows: 7, columns: 1)
    let (centres, owners) = kMeans(x, clusters: 4, using: &generator)
    #expect(Set(owners).count == 4)
    for i in 0 ..< 7 { #expect(centres[owners[i], 0] == x[i, 0]) }
}

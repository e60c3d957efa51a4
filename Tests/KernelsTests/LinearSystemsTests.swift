import Core
import Kernels
import TestSupport
import Testing

/// `xᵀx/rows + ridge·1`.
private func covariance(_ n: Int, ridge: Float, using generator: inout SeededGenerator) -> Matrix {
    let x = randomMatrix(n + 20, n, using: &generator)
    var a = product(x, x, transposingA: true, scale: 1 / Float(n + 20))
    for i in 0 ..< n { a[i, i] += ridge }
    return a
}

// Sizes below, at and above multiples of the block size.
@Test(arguments: [1, 2, 17, 191, 192, 193, 500])
func aSolutionSolvesItsEquations(n: Int) throws {
    var generator = SeededGenerator(seed: UInt64(n))
    let a = covariance(n, ridge: 0.1, using: &generator)
    let b = randomMatrix(n, 35, using: &generator)
    let x = try #require(CholeskyFactor(a)).solve(b)
    let back = referenceProduct(a, x, transposingA: false, transposingB: false)
    let worst = zip(back, b.elements).reduce(0) { max($0, abs($1.0 - Double($1.1))) }
    #expect(worst < 1e-4, "\(worst)")
}

@Test func anIllConditionedSystemIsSolvedInDouble() throws {
    // Hilbert's matrix of five: condition 5e5, integer inverse. Its entries are exact in `Float` here.
    let inverse: [Float] = [
        25, -300, 1050, -1400, 630, -300, 4800, -18900, 26880, -12600, 1050, -18900, 79380, -117_600, 56700, -1400,
        26880, -117_600, 179_200, -88200, 630, -12600, 56700, -88200, 44100,
    ]
    let a = Matrix(inverse, rows: 5, columns: 5)
    let x = try #require(CholeskyFactor(a)).solve(Matrix([1, 0, 0, 0, 0], rows: 5, columns: 1))
    for i in 0 ..< 5 { #expect(abs(x[i, 0] * Float(i + 1) - 1) < 1e-6) }
}

@Test func whatIsNotPositiveDefiniteIsRefused() {
    #expect(CholeskyFactor(Matrix([1, 2, 2, 1], rows: 2, columns: 2)) == nil)
    #expect(CholeskyFactor(Matrix([.nan], rows: 1, columns: 1)) == nil)
    #expect(CholeskyFactor(Matrix([1, 0, 0, .infinity], rows: 2, columns: 2)) == nil)
    // The failure is in the last of many blocks.
    var generator = SeededGenerator(seed: 8)
    var a = covariance(400, ridge: 0.1, using: &generator)
    a[399, 399] = -1
    #expect(CholeskyFactor(a) == nil)
}

@Test func nothingToSolveGivesNothing() throws {
    let factor = try #require(CholeskyFactor(Matrix([2], rows: 1, columns: 1)))
    #expect(factor.solve(.zeros(1, 0)).columns == 0)
    #expect(CholeskyFactor(.zeros(0, 0)) != nil)
}

@Test func aFactorHasTheSameBitsOnOneThreadAndOnTwo() throws {
    var generator = SeededGenerator(seed: 9)
    let a = covariance(700, ridge: 0.1, using: &generator)
    let b = randomMatrix(700, 70, using: &generator)
    let all = try #require(CholeskyFactor(a)).solve(b)
    let one = Parallel.onOneThread { CholeskyFactor(a)?.solve(b) }
    #expect(one == all)
}

@Test func eigenvaluesOfAPathAreCosines() throws {
    // The Laplacian of a path of n nodes with fixed ends: 2 − 2·cos(kπ/(n + 1)), here for n = 5.
    var a = Matrix.zeros(5, 5)
    for i in 0 ..< 5 {
        a[i, i] = 2
        if i > 0 {
            a[i, i - 1] = -1
            a[i - 1, i] = -1
        }
    }
    let eigen = try #require(SymmetricEigen(a))
    let expected: [Float] = [0.267_949_19, 1, 2, 3, 3.732_050_8]
    #expect(zip(eigen.values, expected).allSatisfy { abs($0 - $1) < 1e-6 }, "\(eigen.values)")
}

@Test func eigenvectorsAreRowsThatRebuildTheMatrix() throws {
    var generator = SeededGenerator(seed: 10)
    let n = 90
    let a = covariance(n, ridge: 0, using: &generator)
    let eigen = try #require(SymmetricEigen(a))
    #expect(eigen.values == eigen.values.sorted())
    var scaled = eigen.vectors
    for i in 0 ..< n { for j in 0 ..< n { scaled[i, j] *= eigen.values[i] } }
    let back = product(eigen.vectors, scaled, transposingA: true)
    #expect(zip(back.elements, a.elements).allSatisfy { abs($0 - $1) < 1e-5 })
    let identity = product(eigen.vectors, eigen.vectors, transposingB: true)
    for i in 0 ..< n { for j in 0 ..< n { #expect(abs(identity[i, j] - (i == j ? 1 : 0)) < 1e-5) } }
    #expect(SymmetricEigen(Matrix([.nan], rows: 1, columns: 1)) == nil)
}

// Tall, wide, and with two leading values close to each other.
@Test(arguments: [(60, 25), (25, 60), (1, 7), (7, 1)])
func theLargestEigenvalueIsTheDecompositions(shape: (Int, Int)) throws {
    var generator = SeededGenerator(seed: 11)
    let x = randomMatrix(shape.0, shape.1, mean: 0.2, using: &generator)
    let eigen = try #require(SymmetricEigen(product(x, x, transposingA: true)))
    let expected = Double(try #require(eigen.values.last))
    #expect(abs(largestEigenvalue(ofGramOf: x) / expected - 1) < 2e-6)
}

@Test func theLargestEigenvalueIsFoundWhereTheNextIsClose() {
    let x = Matrix([1, 0, 0, 0, 0.999_99, 0, 0, 0, 0.5], rows: 3, columns: 3)
    #expect(abs(largestEigenvalue(ofGramOf: x) - 1) < 1e-6)
    #expect(largestEigenvalue(ofGramOf: .zeros(4, 3)) == 0)
}

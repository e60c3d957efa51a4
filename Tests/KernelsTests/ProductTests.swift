import Core
import Kernels
import TestSupport
import Testing

@Test(arguments: [(false, false), (true, false), (false, true), (true, true)])
func aProductIsTheSumOfProducts(transposes: (Bool, Bool)) {
    var generator = SeededGenerator(seed: 3)
    for (m, n, k) in [(1, 1, 1), (7, 5, 3), (130, 33, 40), (33, 150, 64)] {
        let a = randomMatrix(transposes.0 ? k : m, transposes.0 ? m : k, using: &generator)
        let b = randomMatrix(transposes.1 ? n : k, transposes.1 ? k : n, using: &generator)
        let found = product(a, b, transposingA: transposes.0, transposingB: transposes.1)
        let expected = referenceProduct(a, b, transposingA: transposes.0, transposingB: transposes.1)
        #expect(zip(found.elements, expected).allSatisfy { abs(Double($0) - $1) < 1e-4 }, "\(m)×\(n)×\(k)")
    }
}

@Test(arguments: [(false, false), (true, false), (false, true), (true, true)])
func aLargeProductIsAsCloseAsFloatSumsAre(transposes: (Bool, Bool)) {
    var generator = SeededGenerator(seed: 4)
    // Large enough for bfloat16 halves on machines that use them. Odd, so that the last pieces are smaller.
    for (m, n, k) in [(257, 1100, 1031), (1100, 257, 1031)] {
        var a = randomMatrix(transposes.0 ? k : m, transposes.0 ? m : k, using: &generator)
        var b = randomMatrix(transposes.1 ? n : k, transposes.1 ? k : n, using: &generator)
        normalizeRows(&a)
        normalizeRows(&b)
        let found = product(a, b, transposingA: transposes.0, transposingB: transposes.1)
        var worst = 0.0
        for place in stride(from: 0, to: m * n, by: 977) {
            let i = place / n
            let j = place % n
            let exact = (0 ..< k).reduce(0.0) { sum, l in
                sum + Double(transposes.0 ? a[l, i] : a[i, l]) * Double(transposes.1 ? b[j, l] : b[l, j])
            }
            worst = max(worst, abs(Double(found[i, j]) - exact))
        }
        #expect(worst < 4e-6, "\(worst)")
    }
}

@Test func aScaledProductIsAddedToWhatIsThere() {
    let a = Matrix([1, 2, 3, 4], rows: 2, columns: 2)
    var c = Matrix([10, 20, 30, 40], rows: 2, columns: 2)
    multiply(a, a, alpha: 2, beta: 1, into: &c)
    #expect(c.elements == [24, 40, 60, 84])
}

@Test func aProductHasTheSameBitsOnOneThreadAndOnTwo() {
    var generator = SeededGenerator(seed: 5)
    let a = randomMatrix(300, 200, using: &generator)
    let b = randomMatrix(500, 200, using: &generator)
    let all = product(a, b, transposingB: true)
    let one = Parallel.onOneThread { product(a, b, transposingB: true) }
    #expect(one == all)
}

@Test func theExponentialIsRightToTwoUnitsInTheLastPlace() {
    var worst = 0.0
    for i in stride(from: -8700, to: 8800, by: 7) {
        let x = Float(i) / 100
        let found = Double(exponential(x))
        worst = max(worst, abs(found / exact(x) - 1))
    }
    #expect(worst < 2.4e-7, "\(worst)")
    #expect(exponential(-1000) > 0 && exponential(1000).isFinite)
}

/// Returns e to the power of x in `Double`, by the series of a fraction of the argument.
private func exact(_ x: Float) -> Double {
    let part = Double(x) / 1024
    var sum = 1.0
    var term = 1.0
    for n in 1 ..< 20 {
        term *= part / Double(n)
        sum += term
    }
    for _ in 0 ..< 10 { sum *= sum }
    return sum
}

/// Features of one image may be computed in batches of any size.
@Test(arguments: [true, false])
func theBitsOfARowDoNotDependOnTheOtherRows(transposingB: Bool) {
    var generator = SeededGenerator(seed: 6)
    for (n, k) in [(128, 128), (17, 64), (384, 128), (64, 512), (5, 64)] {
        let b = randomMatrix(transposingB ? n : k, transposingB ? k : n, using: &generator)
        let row = randomMatrix(1, k, using: &generator)
        let alone = product(row, b, transposingB: transposingB).elements.map(\.bitPattern)
        for m in [2, 3, 6, 7, 13, 24, 77, 100] {
            let rows = Matrix((0 ..< m).flatMap { _ in row.elements }, rows: m, columns: k)
            let found = product(rows, b, transposingB: transposingB).elements.map(\.bitPattern)
            #expect((0 ..< m).allSatisfy { Array(found[$0 * n ..< ($0 + 1) * n]) == alone }, "\(m)×\(n)×\(k)")
        }
    }
}

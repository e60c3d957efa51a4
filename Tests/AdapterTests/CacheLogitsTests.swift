import Adapter
import Core
import Kernels
import TestSupport
import Testing

/// The precision of central differences of `Float` sums.
private let tolerance = 1e-2

@Test(arguments: [
    [0, 0, 1, 1, 2, 2], [2, 0, 1, 1, 0, 1], [Int](repeating: 0, count: 16) + [Int](repeating: 1, count: 16),
])
func theGradientOfCacheLogitsIsTheirSlope(labels: [Int]) {
    var generator = SeededGenerator(seed: 13)
    let keyLabels = KeyLabels(labels, classCount: (labels.max() ?? 0) + 1)
    let s = randomMatrix(3, keyLabels.count, mean: 0.6, scale: 0.2, using: &generator)
    let g = randomMatrix(3, keyLabels.classCount, using: &generator)
    let value: (Matrix) -> Double = { s in
        var a = s
        var z = Matrix.zeros(s.rows, keyLabels.classCount)
        addCacheLogits(&a, keyLabels: keyLabels, alpha: 1.3, beta: 2.5, to: &z)
        return sum(z, g)
    }
    var a = s
    var z = Matrix.zeros(3, keyLabels.classCount)
    addCacheLogits(&a, keyLabels: keyLabels, alpha: 1.3, beta: 2.5, to: &z)
    cacheLogitsGradient(&a, keyLabels: keyLabels, logitsGradient: g, alpha: 1.3, beta: 2.5)
    #expect(gradientGap(at: s, gradient: a, value: value) < tolerance)
}

/// `Σ a∘b` in `Double`.
private func sum(_ a: Matrix, _ b: Matrix) -> Double {
    zip(a.elements, b.elements).reduce(0) { $0 + Double($1.0) * Double($1.1) }
}

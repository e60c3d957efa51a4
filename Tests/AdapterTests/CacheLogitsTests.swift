import Adapter
import Core
import Kernels
import TestSupport
import Testing

@Test(arguments: [
    [0, 0, 1, 1, 2, 2], [2, 0, 1, 1, 0, 1], [Int](repeating: 0, count: 16) + [Int](repeating: 1, count: 16),
])
func theGradientOfCacheLogitsIsTheirSlope(labels: [Int]) {
    var generator = SeededGenerator(seed: 13)
    let keyLabels = KeyLabels(labels, classCount: (labels.max() ?? 0) + 1)
    let s = randomMatrix(3, keyLabels.count, mean: 0.6, scale: 0.2, using: &generator)
    let g = randomMatrix(3, keyLabels.classCount, using: &generator)
    let weights = CacheWeights(alpha: 1.3, beta: 2.5)
    func forward(_ s: Matrix) -> (a: Matrix, z: Matrix) {
        var a = s
        var z = Matrix.zeros(s.rows, keyLabels.classCount)
        weights.addLogits(&a, keyLabels: keyLabels, to: &z)
        return (a, z)
    }
    var h = forward(s).a
    weights.gradient(&h, keyLabels: keyLabels, logitsGradient: g)
    // The precision of central differences of `Float` sums.
    #expect(gradientGap(at: s, gradient: h) { sum(forward($0).z, g) } < 1e-2)
}

/// `Σ a∘b` in `Double`.
private func sum(_ a: Matrix, _ b: Matrix) -> Double {
    zip(a.elements, b.elements).reduce(0) { $0 + Double($1.0) * Double($1.1) }
}

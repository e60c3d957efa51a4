import Core
import Kernels
import TestSupport
import Testing

/// The accuracy of central differences of `Float` sums.
private let tolerance = 1e-2

@Test func theGradientOfNormalizedRowsIsTheirSlope() {
    var generator = SeededGenerator(seed: 11)
    let x = randomMatrix(4, 21, mean: 0.5, using: &generator)
    let along = randomMatrix(4, 21, using: &generator)
    let (unit, norms) = normalizeRows(x)
    var gradient = along
    normalizeRowsGradient(&gradient, unit: unit, norms: norms)
    #expect(gradientGap(at: x, gradient: gradient) { sum(normalizeRows($0).unit, along) } < tolerance)
}

@Test func theGradientOfCrossEntropyIsItsSlope() {
    var generator = SeededGenerator(seed: 12)
    let z = randomMatrix(5, 19, scale: 3, using: &generator)
    let labels = [0, 18, 7, 7, 3]
    var gradient = z
    let value = crossEntropyGradient(&gradient, labels: labels)
    #expect(abs(value - crossEntropy(z, labels: labels)) < 1e-6)
    #expect(gradientGap(at: z, gradient: gradient) { crossEntropy($0, labels: labels) } < tolerance)
}

@Test func theGradientOfScaledColumnsIsTheirSlope() {
    var generator = SeededGenerator(seed: 14)
    let x = randomMatrix(6, 37, using: &generator)
    let g = randomMatrix(6, 37, using: &generator)
    let factors = randomMatrix(1, 37, mean: 1, using: &generator)
    let gradient = Matrix(columnDots(g, x), rows: 1, columns: 37)
    let gap = gradientGap(at: factors, gradient: gradient) { factors in
        var scaled = x
        scaleColumns(&scaled, by: factors.elements)
        return sum(scaled, g)
    }
    #expect(gap < tolerance)
}

/// Returns `Σ a∘b`, summed in `Double`.
private func sum(_ a: Matrix, _ b: Matrix) -> Double {
    zip(a.elements, b.elements).reduce(0) { $0 + Double($1.0) * Double($1.1) }
}

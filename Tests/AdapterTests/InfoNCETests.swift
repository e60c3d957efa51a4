import Adapter
import Core
import Foundation
import Kernels
import TestSupport
import Testing

/// Returns InfoNCE with a mask by its definition, in `Double`: `mean_i [log Σ_j exp(m_ij S_ij/τ) − S_ii m_ii/τ]`,
/// S = Q·Pᵀ.
private func reference(_ q: Matrix, _ p: Matrix, τ: Double, mask: (Int, Int) -> Double) -> Double {
    let similarities = referenceProduct(q, p, transposingA: false, transposingB: true)
    return (0 ..< p.rows).reduce(0.0) { sum, i in
        let row = (0 ..< p.rows).map { similarities[i * p.rows + $0] * mask(i, $0) / τ }
        let top = row.max() ?? 0
        let total = row.reduce(0.0) { $0 + exp($1 - top) }
        return sum + top + log(total) - row[i]
    } / Double(p.rows)
}

private let classes = [1, 0, 0, 2, 1, 1, 0, 2, 2, 3, 3, 3, 0]

@Test(arguments: [0.1, 0.5] as [Float]) func theBetweenClassTermIsItsDefinition(τ: Float) {
    var generator = SeededGenerator(seed: 21)
    let p = randomUnitRows(classes.count, 9, using: &generator)
    let keyLabels = KeyLabels(classes, classCount: 4)
    var gradient = Matrix.zeros(p.rows, p.columns)
    let found = betweenClassInfoNCE(
        Prototypes(p, precision: .float32), keyLabels: keyLabels, InfoNCETerm(temperature: τ, weight: 3),
        addingGradientTo: &gradient)
    let mask: (Int, Int) -> Double = { $0 != $1 && classes[$0] == classes[$1] ? 0 : 1 }
    #expect(abs(found - reference(p, p, τ: Double(τ), mask: mask)) < 1e-5)
    // The query side is detached.
    let gap = gradientGap(at: p, gradient: gradient, step: 1e-3) { 3 * reference(p, $0, τ: Double(τ), mask: mask) }
    #expect(gap < 1e-3, "\(gap)")
}

@Test func theWithinClassTermIsItsDefinition() {
    var generator = SeededGenerator(seed: 22)
    let p = randomUnitRows(classes.count, 9, mean: 0.2, using: &generator)
    let keyLabels = KeyLabels(classes, classCount: 4)
    var open = OpenPairs(keyLabels)
    var gradient = Matrix.zeros(p.rows, p.columns)
    let found = withinClassInfoNCE(
        p, keyLabels: keyLabels, InfoNCETerm(temperature: 0.13, weight: 2), open: &open, addingGradientTo: &gradient)
    let s = product(p, p, transposingB: true)
    let mask: (Int, Int) -> Double = { classes[$0] == classes[$1] && s[$0, $1] >= 0 ? 1 : 0 }
    #expect(open.mask.elements.contains(0), "the data should close a pair")
    #expect(abs(found - reference(p, p, τ: 0.13, mask: mask)) < 1e-5)
    let gap = gradientGap(at: p, gradient: gradient, step: 1e-3) { 2 * reference(p, $0, τ: 0.13, mask: mask) }
    #expect(gap < 1e-3, "\(gap)")
}

@Test func aPairOnceClosedStaysClosed() {
    let keyLabels = KeyLabels([0, 0], classCount: 1)
    var open = OpenPairs(keyLabels)
    func value(_ rows: [Float]) -> Double {
        var gradient = Matrix.zeros(2, 2)
        return withinClassInfoNCE(
            Matrix(rows, rows: 2, columns: 2), keyLabels: keyLabels, InfoNCETerm(temperature: 1, weight: 1),
            open: &open,
            addingGradientTo: &gradient)
    }
    _ = value([1, 0, -0.6, 0.8])
    let near = value([1, 0, 0.6, 0.8])
    #expect(open.mask.elements == [1, 0, 0, 1])
    // Only the pair with itself remains: log(e + 1) − 1.
    #expect(abs(near - 0.3132617) < 1e-5)
}

@Test(arguments: [Precision.float32, .fastest]) func theTermOfManyPrototypesIsItsDefinition(precision: Precision) {
    // 600 prototypes fill several tiles; the last is partial.
    var generator = SeededGenerator(seed: 23)
    let p = randomUnitRows(600, 64, using: &generator)
    let keyLabels = KeyLabels((0 ..< 600).map { $0 / 16 }, classCount: 38)
    var gradient = Matrix.zeros(600, 64)
    let found = betweenClassInfoNCE(
        Prototypes(p, precision: precision), keyLabels: keyLabels, InfoNCETerm(temperature: 0.1, weight: 1),
        addingGradientTo: &gradient)
    let expected = reference(p, p, τ: 0.1) { $0 != $1 && $0 / 16 == $1 / 16 ? 0 : 1 }
    #expect(abs(found - expected) < (precision == .float32 ? 1e-5 : 2e-4) * expected)
    #expect(abs(frobeniusNorm(gradient) - frobeniusNorm(directGradient(p))) < 1e-2 * frobeniusNorm(gradient))
}

/// The gradient of the term with classes of sixteen, from the whole matrix of similarities.
private func directGradient(_ p: Matrix) -> Matrix {
    var s = product(p, p, transposingB: true)
    for i in 0 ..< p.rows {
        var total = 0.0
        for j in 0 ..< p.rows {
            let isMasked = i != j && i / 16 == j / 16
            let e = isMasked ? exp(-10.0) : exp(Double((s[i, j] - 1) / 0.1))
            total += e
            s[i, j] = isMasked ? 0 : Float(e)
        }
        for j in 0 ..< p.rows { s[i, j] = s[i, j] / Float(total) - (i == j ? 1 : 0) }
    }
    return product(s, p, transposingA: true, scale: 1 / (600 * 0.1))
}

@Test(arguments: [Precision.float32, .fastest]) func preparedPrototypesGiveTheProductsOfTheirRows(precision: Precision)
{
    var generator = SeededGenerator(seed: 24)
    let p = randomUnitRows(530, 48, using: &generator)
    let prototypes = Prototypes(p, precision: precision)
    let tolerance: Float = precision == .float32 ? 1e-5 : 2e-2
    for items in [1, 37] {
        let x = randomUnitRows(items, 48, using: &generator)
        let w = randomMatrix(items, 530, using: &generator)
        let s = prototypes.similarities(of: x)
        let c = prototypes.combinations(w)
        let expectedS = product(x, p, transposingB: true)
        let expectedC = product(w, p)
        #expect(zip(s.elements, expectedS.elements).allSatisfy { abs($0 - $1) < tolerance })
        #expect(zip(c.elements, expectedC.elements).allSatisfy { abs($0 - $1) < 4 * tolerance })
    }
}

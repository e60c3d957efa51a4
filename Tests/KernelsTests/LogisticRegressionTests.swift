import Core
import Foundation
import Kernels
import TestSupport
import Testing

/// The fits of scikit-learn, from `Tests/Fixtures/make_logistic_values.py`.
private struct LogisticCase: Decodable {
    struct Entry: Decodable {
        var c: Double
        var predictions: [Int]
        var weights: [Float]?
        var bias: [Float]?
    }

    var name: String
    var rows: Int
    var width: Int
    var classCount: Int
    var features: [Float]
    var labels: [Int]
    var queries: [Float]
    var fits: [Entry]

    var regression: LogisticRegression {
        LogisticRegression(
            features: Matrix(features, rows: rows, columns: width), labels: labels, classCount: classCount)
    }

    static func all() throws -> [LogisticCase] {
        let data = try Data(contentsOf: URL(filePath: fixture("logistic_values.json")))
        return try JSONDecoder().decode([LogisticCase].self, from: data)
    }
}

private func logits(_ fit: LogisticRegression.Fit, _ x: Matrix) -> Matrix {
    var z = product(x, fit.weights, transposingB: true)
    for i in 0 ..< z.rows { for c in 0 ..< z.columns { z[i, c] += fit.bias[c] } }
    return z
}

/// The queries whose most probable class is another than `expected`, unless both are equal within the tolerance of
/// the weights.
private func otherPredictions(
    _ fit: LogisticRegression.Fit, _ x: Matrix, expected: [Int], tolerance: Float
) -> [Int] {
    let z = logits(fit, x)
    return zip(largestIndices(z), expected).enumerated().filter { query, classes in
        let size = (0 ..< z.columns).reduce(Float(0)) { max($0, abs(z[query, $1])) }
        return abs(z[query, classes.0] - z[query, classes.1]) > tolerance * size
    }.map(\.offset)
}

@Test func fitsAreScikitLearnsForEveryC() throws {
    for example in try LogisticCase.all() {
        let queries = Matrix(example.queries, rows: example.queries.count / example.width, columns: example.width)
        let regression = example.regression
        for entry in example.fits {
            let fit = regression.fit(c: entry.c, tolerance: 1e-6)
            #expect(fit.converged, "\(example.name), C \(entry.c): \(fit.iterations) iterations")
            // Almost without a penalty, the optimum is flat, and weights depend on rounding.
            let tolerance: Float = entry.c > 1e5 ? 1e-2 : 1e-3
            let others = otherPredictions(fit, queries, expected: entry.predictions, tolerance: tolerance)
            #expect(others.isEmpty, "\(example.name), C \(entry.c): queries \(others)")
            guard let weights = entry.weights, let bias = entry.bias else { continue }
            let gap = zip(fit.weights.elements, weights).reduce(Float(0)) { max($0, abs($1.0 - $1.1)) }
            let size = weights.reduce(Float(0)) { max($0, abs($1)) }
            #expect(gap <= 1e-3 * size, "\(example.name), C \(entry.c): \(gap) of \(size)")
            let reach = bias.reduce(size) { max($0, abs($1)) }
            #expect(zip(fit.bias, bias).allSatisfy { abs($0 - $1) <= 1e-3 * reach }, "\(fit.bias)")
        }
    }
}

@Test func aWarmStartArrivesAtTheSameWeights() throws {
    let example = try #require(try LogisticCase.all().first)
    let regression = example.regression
    let cold = regression.fit(c: 100, tolerance: 1e-7)
    let warm = regression.fit(c: 100, start: regression.fit(c: 30, tolerance: 1e-5), tolerance: 1e-7)
    let size = frobeniusNorm(cold.weights)
    #expect(zip(cold.weights.elements, warm.weights.elements).allSatisfy { abs($0 - $1) < Float(1e-3 * size) })
    #expect(abs(cold.objective / warm.objective - 1) < 1e-5)
    let again = regression.fit(c: 100, start: cold, tolerance: 1e-4)
    #expect(again.iterations == 0)
}

@Test func copiesOfARowAndConstantColumnsAreFitted() {
    // Rank one about the mean, and a class without rows.
    let x = Matrix([1, 5, 7, 1, 5, 7, 2, 5, 7, 2, 5, 7], rows: 4, columns: 3)
    let fit = LogisticRegression(features: x, labels: [0, 0, 1, 1], classCount: 3).fit(c: 1e4)
    #expect(fit.weights.elements.allSatisfy(\.isFinite) && fit.bias.allSatisfy(\.isFinite))
    #expect(largestIndices(logits(fit, x)) == [0, 0, 1, 1])
    #expect(abs(fit.weights[0, 1]) < 1e-5)
}

@Test func equalRowsLeaveTheBiasAlone() {
    let x = Matrix([3, 4, 3, 4, 3, 4], rows: 3, columns: 2)
    let fit = LogisticRegression(features: x, labels: [0, 1, 1], classCount: 2).fit(c: 1, tolerance: 1e-8)
    #expect(fit.weights.elements.allSatisfy { $0 == 0 })
    // The class frequencies are one third and two thirds.
    #expect(abs(fit.bias[1] - fit.bias[0] - 0.693_147_2) < 1e-4)
}

import CLIP
import Core
import Foundation
import Kernels
import TestSupport
import Testing

/// Returns softmax(q·kᵀ)·v of one sequence in `Double`, from queries, keys and values side by side [length×3·width].
private func attention(_ x: [Double], width: Int, heads: Int, isCausal: Bool) -> [Double] {
    let headWidth = width / heads
    let length = x.count / (3 * width)
    func value(_ token: Int, _ which: Int, _ head: Int, _ i: Int) -> Double {
        x[token * 3 * width + which * width + head * headWidth + i]
    }
    var result = [Double](repeating: 0, count: length * width)
    for head in 0 ..< heads {
        for token in 0 ..< length {
            let seen = isCausal ? token + 1 : length
            let scores = (0 ..< seen).map { other in
                (0 ..< headWidth).reduce(0.0) { $0 + value(token, 0, head, $1) * value(other, 1, head, $1) }
            }
            let largest = scores.max() ?? 0
            let shares = scores.map { exp($0 - largest) }
            let sum = shares.reduce(0, +)
            for i in 0 ..< headWidth {
                result[token * width + head * headWidth + i] =
                    (0 ..< seen).reduce(0.0) { $0 + shares[$1] * value($1, 2, head, i) } / sum
            }
        }
    }
    return result
}

@Test(arguments: [Precision.float32, .bfloat16], [1, 2, 5, 16, 37])
func attentionIsThatOfItsFormulaForEveryLength(_ precision: Precision, _ length: Int) {
    for (width, heads, isCausal) in [(128, 2, false), (128, 2, true), (48, 3, true), (21, 3, false), (80, 1, true)] {
        var dice = Dice(seed: UInt64(length * 1000 + width))
        let x = rounded(random(length * 3 * width, &dice), to: precision)
        let found = Attention(width: width, heads: heads, isCausal: isCausal)(x, precision, length: length)
        let expected = attention(x.map(Double.init), width: width, heads: heads, isCausal: isCausal)
        // Softmax weights are rounded to eight bits.
        let tolerance = precision == .float32 ? 2e-6 : 6e-3
        #expect(agree(found, expected, tolerance, .float32), "\(width)/\(heads)")
    }
}

@Test(arguments: [Precision.float32, .bfloat16], [(32, 2), (48, 3), (20, 1)])
func attentionPoolingIsThatOfItsFormula(_ precision: Precision, _ shape: (width: Int, heads: Int)) throws {
    let (width, heads) = shape
    var dice = Dice(seed: UInt64(width))
    let weights = random(3 * width * width, &dice).map { $0 / 4 }
    let bias = random(3 * width, &dice)
    let sequences = [0 ..< 5, 5 ..< 6, 6 ..< 23]
    let queries = [2, 5, 22]
    let x = rounded(random(23 * width, &dice), to: precision)
    let expected = zip(sequences, queries).flatMap { sequence, query in
        let projected = sequence.flatMap { row in
            bias.indices.map { Double(bias[$0]) + dot(x, row * width, weights, $0 * width, count: width) }
        }
        let start = (query - sequence.lowerBound) * width
        return attention(projected, width: width, heads: heads, isCausal: false)[start ..< start + width]
    }
    let pooling = try #require(
        AttentionPooling(weights: weights, bias: bias, heads: heads, height: 2, in: LayerArena()))
    #expect(agree(pooling(x, precision, sequences: sequences, queries: queries), expected, 1e-5, .float32))
}

import CLIP
import Core
import Foundation
import Kernels
import TestSupport
import Testing

/// Returns softmax(q·kᵀ)·v of one sequence in `Double`, from queries, keys and values side by side [length×3·width].
private func attention(_ x: [Float], length: Int, width: Int, heads: Int, isCausal: Bool) -> [Double] {
    let headWidth = width / heads
    func value(_ place: Int, _ which: Int, _ head: Int, _ i: Int) -> Double {
        Double(x[place * 3 * width + which * width + head * headWidth + i])
    }
    var result = [Double](repeating: 0, count: length * width)
    for head in 0 ..< heads {
        for place in 0 ..< length {
            let seen = isCausal ? place + 1 : length
            let scores = (0 ..< seen).map { other in
                (0 ..< headWidth).reduce(0.0) { $0 + value(place, 0, head, $1) * value(other, 1, head, $1) }
            }
            let largest = scores.max() ?? 0
            let shares = scores.map { exp($0 - largest) }
            let sum = shares.reduce(0, +)
            for i in 0 ..< headWidth {
                result[place * width + head * headWidth + i] =
                    (0 ..< seen).reduce(0.0) { $0 + shares[$1] * value($1, 2, head, i) } / sum
            }
        }
    }
    return result
}

/// Stores floats as the buffer's values, rounded if need be.
private func store(_ floats: [Float], in buffer: inout LayerBuffer) {
    var values = buffer.mutableValues
    values.take(floats.span)
}

@Test(arguments: [Precision.float32, .bfloat16], [1, 2, 5, 16, 37])
func attentionIsThatOfItsFormulaForEveryLength(_ precision: Precision, _ length: Int) {
    for (width, heads, isCausal) in [(128, 2, false), (128, 2, true), (48, 3, true), (21, 3, false), (80, 1, true)] {
        var dice = Dice(seed: UInt64(length * 1000 + width))
        let count = length * 3 * width
        var x = LayerBuffer(count, precision)
        let random = (0 ..< count).map { _ in Float.random(in: -1 ... 1, using: &dice) }
        store(random, in: &x)
        // The formula uses the rounded values.
        let values = (0 ..< count).map { x.values[$0] }
        var output = LayerBuffer(length * width, .float32)
        Attention(width: width, heads: heads, isCausal: isCausal).run(
            x.values, length: length, into: output.mutableValues)
        let expected = attention(values, length: length, width: width, heads: heads, isCausal: isCausal)
        // Softmax weights are rounded to eight bits.
        let tolerance = precision == .float32 ? 2e-6 : 6e-3
        for (index, value) in expected.enumerated() {
            #expect(abs(Double(output.values[index]) - value) < tolerance, "\(width)/\(heads), value \(index)")
        }
    }
}

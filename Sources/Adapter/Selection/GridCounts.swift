internal import Kernels
import Synchronization

/// The number of items that are classified correctly at each point of a grid of β and α.
package final class GridCounts: Sendable {
    private let alphas: [Float]
    private let betaCount: Int
    private let counts: Mutex<[Int]>  // [β×α]

    package init(alphas: [Float], betaCount: Int) {
        self.alphas = alphas
        self.betaCount = betaCount
        counts = Mutex([Int](repeating: 0, count: alphas.count * betaCount))
    }

    /// Counts one item; a label wins a tie only against later classes, as the first largest does.
    package func record(_ rivals: Rivals, sums: Span<Float>) {
        let padded = rivals.leads.count
        var right: [Int] = []
        for b in 0 ..< betaCount {
            let g = sums.row(b, width: padded)
            let own = g[rivals.label]
            for (a, alpha) in alphas.enumerated() where isRight(rivals, g, own: own, alpha: alpha) {
                right.append(b * alphas.count + a)
            }
        }
        counts.withLock { counts in for point in right { counts[point] += 1 } }
    }

    private func isRight(_ rivals: Rivals, _ g: Span<Float>, own: Float, alpha: Float) -> Bool {
        for start in stride(from: 0, to: g.count, by: 16) {
            let margin = rivals.leads[vector: start / 16] + (own - g[vector: start / 16]) * alpha
            guard leastLane(margin) <= 0 else { continue }
            for lane in 0 ..< 16 where margin[lane] < 0 || (margin[lane] == 0 && start + lane < rivals.label) {
                return false
            }
        }
        return true
    }

    /// The first of the best points, with β or α in the outer loop.
    package func best(alphaOutside: Bool = false) -> (count: Int, betaIndex: Int, alphaIndex: Int) {
        let counts = counts.withLock { $0 }
        let most = counts.max() ?? 0
        let best = counts.indices.filter { counts[$0] == most }
        let first = best.min { a, b in
            alphaOutside ? (a % alphas.count, a) < (b % alphas.count, b) : a < b
        }
        let point = first ?? 0
        return (most, point / alphas.count, point % alphas.count)
    }
}

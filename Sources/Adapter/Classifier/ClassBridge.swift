public import Kernels

/// Tip-X's bridge between images and texts: keys count less the more their class distribution differs from the item's.
///
/// With p the item's distribution `softmax(v·Tᵀ/0.5)` and q_k the key's, class c loses `γ·Σ_{k of c} φ(KL(p‖q_k))`, where φ
/// is linear: `φ(x) = slope·x + offset`. So the keys of a class enter by the sums of their log q only:
///
///     Σ_{k of c} φ = slope·(n_c·Σ_j p_j log p_j − p·L_c) + offset·n_c,    L_c = Σ_{k of c} log q_k
///
/// Udandarao et al., "SuS-X", ICCV 2023, equations 4 to 7.
public struct ClassBridge: Sendable, Equatable {
    public var text: Matrix  // T of all classes [J×D], unit rows
    public var logSums: Matrix  // L [C×J]
    public var counts: [Float]  // n [C]
    public var slope: Float
    public var offset: Float
    public var gamma: Float
    public static let temperature: Float = 0.5

    public init(text: Matrix, logSums: Matrix, counts: [Float], slope: Float, offset: Float, gamma: Float) {
        self.text = text
        self.logSums = logSums
        self.counts = counts
        self.slope = slope
        self.offset = offset
        self.gamma = gamma
    }

    /// What each class loses [B×C], before γ.
    func penalty(_ v: Matrix) -> Matrix {
        let (p, negentropy) = Self.distributions(v, text: text)
        var penalty = product(p, logSums, transposingB: true, scale: -slope)
        for i in 0 ..< v.rows {
            for c in counts.indices { penalty[i, c] += counts[c] * (slope * negentropy[i] + offset) }
        }
        return penalty
    }

    /// The class distributions p [B×C] of features, and `Σ_j p_j log p_j` of each.
    static func distributions(_ v: Matrix, text: Matrix) -> (p: Matrix, negentropy: [Float]) {
        var p = product(v, text, transposingB: true, scale: 1 / temperature)
        softmaxRows(&p)
        let negentropy = (0 ..< p.rows).map { i in
            p.row(i).reduce(Float(0)) { $0 + ($1 > 0 ? $1 * naturalLogarithm($1) : 0) }
        }
        return (p, negentropy)
    }

    /// The logarithms of the class distributions [B×C] of features.
    static func logDistributions(_ v: Matrix, text: Matrix) -> Matrix {
        var logits = product(v, text, transposingB: true, scale: 1 / temperature)
        for i in 0 ..< logits.rows {
            let row = logits.row(i)
            let top = row.max() ?? 0
            let total = naturalLogarithm(row.reduce(Float(0)) { $0 + exponential($1 - top) })
            for c in row.indices { logits[i, c] = row[c] - top - total }
        }
        return logits
    }
}

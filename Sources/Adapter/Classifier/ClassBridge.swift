package import Core
package import Kernels

/// Tip-X's bridge between images and texts, which lowers the weight of keys whose class distribution differs from the
/// item's.
///
/// With p the item's distribution `softmax(v·Tᵀ/0.5)` and q_k the key's, class c loses `γ·Σ_{k of c} φ(KL(p‖q_k))`. φ
/// is linear, `φ(x) = slope·x + offset`, so the keys of a class enter by the sums of their log q only:
///
///     Σ_{k of c} φ = slope·(n_c·Σ_j p_j log p_j − p·L_c) + offset·n_c,    L_c = Σ_{k of c} log q_k
///
/// Udandarao et al., "SuS-X", ICCV 2023, equations 4 to 7.
package struct ClassBridge: LogitTerm {
    let text: Matrix  // T of all classes, unit rows [J×D]
    private(set) var logSums: Matrix  // L [C×J]
    private(set) var counts: [Float]  // n [C]
    /// The slope of φ.
    package let slope: Float
    /// φ(0).
    let offset: Float
    package var gamma: Float  // γ: the weight of the divergences
    static let temperature: Float = 0.5

    package var classCount: Int { counts.count }
    package var width: Int? { text.columns }

    package var tensors: [String: Matrix] {
        ["bridge_text": text, "bridge_log_sums": logSums, "bridge_counts": Matrix(row: counts)]
    }

    package var numbers: [String: Float] { ["gamma": gamma, "bridge_slope": slope, "bridge_offset": offset] }

    package func add(_ queries: Queries, to logits: inout Matrix) {
        Kernels.add(penalty(queries.features), scale: -gamma, to: &logits)
    }

    package func restricted(to classes: [Int]) -> ClassBridge {
        var some = self
        some.logSums = logSums.rows(at: classes)
        some.counts = classes.map { counts[$0] }
        return some
    }

    /// The loss of each class [B×C], before γ.
    private func penalty(_ v: Matrix) -> Matrix {
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

extension ClassBridge {
    package init?(from stored: StoredTensors) throws(Fault) {
        guard let text = try stored.matrix("bridge_text") else { return nil }
        self.text = text
        logSums = try stored.required("bridge_log_sums", rows: stored.classCount, columns: text.rows)
        counts = try stored.required("bridge_counts", rows: 1, columns: stored.classCount).elements
        slope = try stored.number("bridge_slope")
        offset = try stored.number("bridge_offset")
        gamma = try stored.number("gamma")
    }
}

internal import Core
internal import Kernels

/// The sums, counts and scatter of rows by class, from which a Gaussian classifier is computed.
///
/// A center near the mean of its class is subtracted from each row, which reduces rounding errors; the scatter around
/// the mean does not depend on the center.
struct ClassScatter: Sendable {
    let centers: Matrix  // [C×D]
    private(set) var products: Matrix  // `Σ (x − s_c)(x − s_c)ᵀ` [D×D]
    private(set) var sums: Matrix  // `Σ_{class c} (x − s_c)` [C×D]
    private(set) var counts: [Float]  // n [C]

    init(centers: Matrix) {
        self.centers = centers
        products = .zeros(centers.columns, centers.columns)
        sums = .zeros(centers.rows, centers.columns)
        counts = [Float](repeating: 0, count: centers.rows)
    }

    /// Adds rows [B×D] of the classes `labels`.
    mutating func add(_ rows: Matrix, labels: [Int]) {
        var rows = rows
        let centers = centers
        let width = centers.columns
        lend(&rows, &sums) { rows, sums in
            for (i, label) in labels.enumerated() {
                var row = rows.row(i, width: width)
                row.add(centers.span.row(label, width: width), scale: -1)
                var sum = sums.row(label, width: width)
                sum.add(row.span)
            }
        }
        for label in labels { counts[label] += 1 }
        multiply(rows, rows, transposingA: true, beta: 1, into: &products)
    }

    /// Adds the rows of another scatter with the same centers.
    mutating func add(_ other: ClassScatter) {
        Kernels.add(other.products, to: &products)
        Kernels.add(other.sums, to: &sums)
        for c in counts.indices { counts[c] += other.counts[c] }
    }

    /// Linear discriminants with one shrunken covariance: `W = μΩ`, `b_c = log(1/C) − ½μ_c·W_c`.
    ///
    ///     Ω = D·(S + tr(S)/(n − 1)·I)⁻¹,    S = Σ (x − μ_c)(x − μ_c)ᵀ
    ///
    /// If all rows of each class are equal, there is no covariance and W is zero, as with a pseudoinverse.
    func discriminants() -> LinearTerm {
        let classes = centers.rows
        let width = centers.columns
        let priors = [Float](repeating: -naturalLogarithm(Float(classes)), count: classes)
        var offsets = sums
        scaleRows(&offsets, by: counts.map { $0 > 0 ? 1 / $0 : 0 })
        let means = sum(centers, offsets)
        guard let factor = shrunkenFactor(offsets) else {
            return .init(weights: .zeros(classes, width), bias: priors)
        }
        var solved = factor.solve(means.transposed)
        scale(&solved, by: Float(width))
        let weights = solved.transposed
        let bias = (0 ..< classes).map { c in
            let length = zip(means.row(c), weights.row(c)).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
            return priors[c] - Float(length / 2)
        }
        return .init(weights: weights, bias: bias)
    }

    /// The factor of `S + tr(S)/(n − 1)·I`, where `offsets` are the means less the centers; nil if S is zero.
    private func shrunkenFactor(_ offsets: Matrix) -> CholeskyFactor? {
        let total = counts.reduce(0, +)
        var scatter = products
        var rooted = offsets
        scaleRows(&rooted, by: counts.map { $0.squareRoot() })
        multiply(rooted, rooted, transposingA: true, alpha: -1, beta: 1, into: &scatter)
        let trace = (0 ..< scatter.rows).reduce(0.0) { $0 + Double(scatter[$1, $1]) }
        // Rows have at most unit length: a smaller trace per row is rounding error.
        guard total > 1, trace > 1e-9 * Double(total) else { return nil }
        for d in 0 ..< scatter.rows { scatter[d, d] += Float(trace / Double(total - 1)) }
        return CholeskyFactor(scatter)
    }
}

extension Support {
    /// The scatter of all augmented views as separate unit rows, computed once.
    func viewScatter() throws(Fault) -> ClassScatter {
        try scatterMemo.value { () throws(Fault) in
            var scatter = ClassScatter(centers: try classMeans())
            for view in augmentedViews {
                for items in (0 ..< count).blocks(of: 4096) {
                    scatter.add(try batch(items, view: view), labels: Array(labels[items]))
                }
            }
            return scatter
        }
    }

    /// The mean key of each class [C×D], not normalized; zero for a class without items.
    func classMeans() throws(Fault) -> Matrix {
        Adapter.classMeans(try keys(), labels: labels, classCount: classCount).means
    }
}

/// The span of some features about their mean, by orthonormal principal directions.
struct PrincipalSpace: Sendable {
    /// [D].
    let mean: [Double]
    /// One direction a row [R×D], with R at most D and N.
    let basis: [Double]
    let rank: Int

    /// Directions of less variance than this share of the largest are rounding.
    private static let floor = 1e-11

    /// The space of `features` [N×D], and their coordinates in it [N×R].
    ///
    /// In `Double`: squaring halves the digits that the small directions are left with.
    static func of(_ features: Matrix) -> (PrincipalSpace, coordinates: [Double]) {
        let (n, d) = (features.rows, features.columns)
        let (mean, centered) = centered(features)
        let gram = gramOfSmallerSide(centered, rows: n, columns: d)
        guard let (values, vectors) = eigen(gram, rows: min(n, d)), let top = values.last, top > 0 else {
            return (PrincipalSpace(mean: mean, basis: [], rank: 0), [])
        }
        // Ascending: what is kept is at the end.
        let dropped = values.prefix { $0 <= floor * top }.count
        let rank = values.count - dropped
        let kept = Array(vectors[(dropped * min(n, d))...])
        let basis =
            d <= n
            ? kept
            : spanned(
                realProduct(kept, centered, shape: ProductShape(m: rank, n: d, k: n, lda: n, ldb: d, ldc: d)),
                lengths: values[dropped...].map { $0.squareRoot() })
        let coordinates = realProduct(
            centered, basis, shape: ProductShape(m: n, n: rank, k: d, lda: d, ldb: d, ldc: rank, transposesB: true))
        return (PrincipalSpace(mean: mean, basis: basis, rank: rank), coordinates)
    }

    /// Weights in the basis [C×R] as weights of the features [C×D].
    func featureWeights(_ turned: [Double], classCount: Int) -> [Double] {
        let d = mean.count
        guard rank > 0 else { return [Double](repeating: 0, count: classCount * d) }
        return realProduct(
            turned, basis, shape: ProductShape(m: classCount, n: d, k: rank, lda: rank, ldb: d, ldc: d))
    }

    /// Weights of the features [C×D] as weights in the basis [C×R].
    func turned(_ weights: [Double], classCount: Int) -> [Double] {
        let d = mean.count
        guard rank > 0 else { return [] }
        return realProduct(
            weights, basis,
            shape: ProductShape(m: classCount, n: rank, k: d, lda: d, ldb: d, ldc: rank, transposesB: true))
    }

    /// What each class's weights [C×D] make of the mean [C].
    func atMean(_ weights: [Double], classCount: Int) -> [Double] {
        realProduct(
            weights, mean, shape: ProductShape(m: classCount, n: 1, k: mean.count, lda: mean.count, ldb: 1, ldc: 1))
    }

    /// Rows divided by their lengths, which are known.
    private static func spanned(_ rows: [Double], lengths: [Double]) -> [Double] {
        let width = rows.count / max(1, lengths.count)
        return rows.indices.map { rows[$0] / lengths[$0 / width] }
    }

    /// The columns' means, and the rows without them.
    private static func centered(_ x: Matrix) -> (mean: [Double], [Double]) {
        let (n, d) = (x.rows, x.columns)
        var mean = [Double](repeating: 0, count: d)
        var centered = [Double](repeating: 0, count: n * d)
        let x = x.span
        for i in 0 ..< n {
            for j in 0 ..< d { mean[j] += Double(x[i * d + j]) }
        }
        for j in 0 ..< d { mean[j] /= Double(max(1, n)) }
        for i in 0 ..< n {
            for j in 0 ..< d { centered[i * d + j] = Double(x[i * d + j]) - mean[j] }
        }
        return (mean, centered)
    }
}

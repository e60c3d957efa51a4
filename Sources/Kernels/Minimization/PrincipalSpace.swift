/// The space spanned by features about their mean, with orthonormal principal directions as the basis.
struct PrincipalSpace: Sendable {
    /// The mean of the features [D].
    let mean: [Double]
    /// One direction per row [R×D], with R at most D and N.
    let basis: [Double]
    /// R.
    let rank: Int

    /// Directions with less variance than this fraction of the largest are rounding errors.
    private static let floor = 1e-11

    /// Returns the space of `features` [N×D] and their coordinates in it [N×R].
    ///
    /// Computed in `Double`, because squaring halves the digits of the small directions.
    static func of(_ features: Matrix) -> (PrincipalSpace, coordinates: [Double]) {
        let n = features.rows
        let d = features.columns
        let (mean, centered) = centered(features)
        let gram = gramOfSmallerSide(centered, rows: n, columns: d)
        guard let (values, vectors) = eigen(gram, rows: min(n, d)), let top = values.last, top > 0 else {
            return (PrincipalSpace(mean: mean, basis: [], rank: 0), [])
        }
        // Values ascend: the directions to keep are at the end.
        let dropped = values.prefix { $0 <= floor * top }.count
        let rank = values.count - dropped
        let kept = Array(vectors[(dropped * min(n, d))...])
        let basis =
            d <= n
            ? kept
            : normalized(
                realProduct(kept, centered, shape: ProductShape(m: rank, n: d, k: n)),
                lengths: values[dropped...].map { $0.squareRoot() })
        let space = PrincipalSpace(mean: mean, basis: basis, rank: rank)
        return (space, space.coordinates(centered, count: n))
    }

    /// Converts weights in the basis [C×R] to weights of the features [C×D].
    func featureWeights(_ coordinates: [Double], classCount: Int) -> [Double] {
        let d = mean.count
        guard rank > 0 else { return [Double](repeating: 0, count: classCount * d) }
        return realProduct(coordinates, basis, shape: ProductShape(m: classCount, n: d, k: rank))
    }

    /// Returns the coordinates [count×R] of vectors [count×D] in the basis.
    func coordinates(_ vectors: [Double], count: Int) -> [Double] {
        guard rank > 0 else { return [] }
        return realProduct(
            vectors, basis, shape: ProductShape(m: count, n: rank, k: mean.count, transposesB: true))
    }

    /// Returns each class's logit at the mean [C] for weights [C×D].
    func atMean(_ weights: [Double], classCount: Int) -> [Double] {
        realProduct(weights, mean, shape: ProductShape(m: classCount, n: 1, k: mean.count))
    }

    /// Divides rows by their known lengths.
    private static func normalized(_ rows: [Double], lengths: [Double]) -> [Double] {
        let width = rows.count / max(1, lengths.count)
        return rows.indices.map { rows[$0] / lengths[$0 / width] }
    }

    /// Returns the means of the columns, and the rows less these means.
    private static func centered(_ x: Matrix) -> (mean: [Double], [Double]) {
        let n = x.rows
        let d = x.columns
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

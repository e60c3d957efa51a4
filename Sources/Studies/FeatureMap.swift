internal import Adapter
package import Kernels

/// A map of features: their coordinates on the two principal directions.
///
/// Equal features have equal maps, because the largest component of a direction is positive.
package struct FeatureMap: Sendable {
    /// The coordinates about the mean [N×2].
    package let coordinates: Matrix
    /// The share of the variance along each direction, from 0 to 1 [2].
    package let shares: [Float]

    /// The number of rows whose products are added in single precision.
    private static let block = 4096

    /// Maps `features` [N×D]; all coordinates are 0 if D is 1 or a value is not finite.
    package init(_ features: Matrix) {
        var mean = columnSums(features)
        for column in mean.indices { mean[column] /= Float(max(1, features.rows)) }
        let covariance = Self.scatter(features, about: mean)
        let width = features.columns
        let total = (0 ..< width).reduce(0) { $0 + covariance[$1, $1] }
        guard width > 1, total > 0, let eigen = SymmetricEigen(covariance) else {
            coordinates = .zeros(features.rows, 2)
            shares = [0, 0]
            return
        }
        let directions = [1, 2].map { place in
            let row = eigen.vectors.row(width - place)
            let largest = row.max { abs($0) < abs($1) } ?? 1
            return Matrix(largest < 0 ? row.map { -$0 } : row, rows: 1, columns: width)
        }
        let plane = Matrix.stacked(directions)
        var coordinates = product(features, plane, transposingB: true)
        let center = product(Matrix(mean, rows: 1, columns: width), plane, transposingB: true)
        addRow(center.row(0), scale: -1, to: &coordinates)
        self.coordinates = coordinates
        shares = [1, 2].map { max(0, eigen.values[width - $0]) / total }
    }

    /// The sum over rows of the products of their deviations from `mean` [D×D], added in double precision.
    private static func scatter(_ features: Matrix, about mean: [Float]) -> Matrix {
        let width = features.columns
        var sum = [Double](repeating: 0, count: width * width)
        for start in stride(from: 0, to: features.rows, by: block) {
            var rows = features.rows(start ..< min(features.rows, start + block))
            addRow(mean, scale: -1, to: &rows)
            let part = product(rows, rows, transposingA: true).elements
            for place in sum.indices { sum[place] += Double(part[place]) }
        }
        return Matrix(sum.map { Float($0) }, rows: width, columns: width)
    }
}

internal import Core

/// Divides the rows of `x` [N×D] into `clusters` clusters by Lloyd's algorithm.
///
/// The initial centers are rows chosen by k-means++ (Arthur and Vassilvitskii, SODA 2007) with `generator`, which
/// determines the result. A center that loses its last row moves to the row farthest from its own center. The algorithm
/// ends when no row changes its cluster, after at most 100 iterations. There may be at most as many clusters as rows,
/// and no cluster is empty.
///
/// - Returns: The centers [K×D], and the cluster of each row.
public func kMeans<Generator: RandomNumberGenerator>(
    _ x: Matrix, clusters: Int, using generator: inout Generator
) -> (centers: Matrix, assignments: [Int]) {
    precondition(clusters > 0 && clusters <= x.rows, "\(clusters) clusters of \(x.rows) rows")
    var centers = x.rows(at: spreadRows(x, count: clusters, using: &generator))
    var assignments: [Int] = []
    for _ in 0 ..< 100 {
        var (found, distances) = nearest(x, centers)
        refill(&found, distances: &distances, clusters: clusters)
        if found == assignments { break }
        assignments = found
        centers = means(x, assignments: assignments, clusters: clusters)
    }
    return (centers, assignments)
}

/// Chooses `count` different rows, each with a probability proportional to its squared distance from those before.
private func spreadRows<Generator: RandomNumberGenerator>(
    _ x: Matrix, count: Int, using generator: inout Generator
) -> [Int] {
    var chosen = [Int(generator.next() % UInt64(x.rows))]
    var distances = [Double](repeating: .infinity, count: x.rows)
    while chosen.count < count {
        let latest = squaredDistances(x, to: x.row(chosen[chosen.count - 1]))
        for i in distances.indices { distances[i] = min(distances[i], latest[i]) }
        for i in chosen { distances[i] = 0 }
        let total = distances.reduce(0, +)
        var rest = Double(generator.next() &>> 11) * 0x1p-53 * total
        // If all remaining rows equal chosen ones, takes the first of them.
        let isOver = !(total > 0)
        let taken = Set(chosen)
        let next = distances.indices.first { i in
            guard !taken.contains(i) else { return false }
            rest -= distances[i]
            return isOver || (rest < 0 && distances[i] > 0)
        }
        chosen.append(next ?? distances.indices.last { !taken.contains($0) && distances[$0] > 0 } ?? 0)
    }
    return chosen
}

/// Returns the nearest center of each row (the first of equals), and its squared distance.
private func nearest(_ x: Matrix, _ centers: Matrix) -> (assignments: [Int], distances: [Double]) {
    var assignments = [Int](repeating: 0, count: x.rows)
    var distances = [Double](repeating: .infinity, count: x.rows)
    for c in 0 ..< centers.rows {
        let found = squaredDistances(x, to: centers.row(c))
        for i in assignments.indices where found[i] < distances[i] {
            assignments[i] = c
            distances[i] = found[i]
        }
    }
    return (assignments, distances)
}

/// Returns the squared distance of each row from `center`.
///
/// Computed from differences, so that no digits are lost if rows share a direction.
private func squaredDistances(_ x: Matrix, to center: [Float]) -> [Double] {
    var distances = [Double](repeating: 0, count: x.rows)
    Parallel.forEachRow(of: x.rows, size: 64, &distances) { i, distance in
        let row = x.span.row(i, width: x.columns)
        let center = center.span
        precondition(row.count == center.count)
        var sum = SIMD16<Float>.zero
        for k in 0 ..< row.vectorCount {
            let difference = row[vector: k] - center[vector: k]
            sum += difference * difference
        }
        let difference = row.padded(row.vectorCount) - center.padded(row.vectorCount)
        sum += difference * difference
        distance[0] = Double(sumOfLanes(sum))
    }
    return distances
}

/// Assigns to each empty cluster the row farthest from its center, from a cluster of at least two rows.
private func refill(_ assignments: inout [Int], distances: inout [Double], clusters: Int) {
    var sizes = [Int](repeating: 0, count: clusters)
    for cluster in assignments { sizes[cluster] += 1 }
    for empty in 0 ..< clusters where sizes[empty] == 0 {
        var farthest: Int?
        for i in assignments.indices where sizes[assignments[i]] > 1 {
            if distances[i] > (farthest.map { distances[$0] } ?? -1) { farthest = i }
        }
        guard let farthest else { return }
        sizes[assignments[farthest]] -= 1
        sizes[empty] = 1
        assignments[farthest] = empty
        distances[farthest] = 0
    }
}

/// Returns the mean of each cluster's rows [K×D].
private func means(_ x: Matrix, assignments: [Int], clusters: Int) -> Matrix {
    let width = x.columns
    var sums = [Double](repeating: 0, count: clusters * width)
    var sizes = [Int](repeating: 0, count: clusters)
    for (i, cluster) in assignments.enumerated() {
        sizes[cluster] += 1
        for j in 0 ..< width { sums[cluster * width + j] += Double(x.span[i * width + j]) }
    }
    return Matrix(
        sums.indices.map { Float(sums[$0] / Double(max(1, sizes[$0 / width]))) }, rows: clusters, columns: width)
}

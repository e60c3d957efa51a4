/// Divides the rows of `x` [N×D] among `clusters` centres so that each is nearest to its own (Lloyd's algorithm).
///
/// The centres start at rows drawn by k-means++ (Arthur and Vassilvitskii, SODA 2007) from `generator`, which decides
/// all; a centre that loses its last row is put at the row farthest from its own. It ends when no row changes, after
/// 100 rounds at most. There are at most as many clusters as rows, and none is empty.
///
/// - Returns: the centres [K×D], and the cluster of each row.
public func kMeans<Generator: RandomNumberGenerator>(
    _ x: Matrix, clusters: Int, using generator: inout Generator
) -> (centres: Matrix, owners: [Int]) {
    precondition(clusters > 0 && clusters <= x.rows, "\(clusters) clusters of \(x.rows) rows")
    var centres = x.rows(at: spreadRows(x, count: clusters, using: &generator))
    var owners: [Int] = []
    for _ in 0 ..< 100 {
        var (found, distances) = nearest(x, centres)
        refill(&found, distances: &distances, clusters: clusters)
        if found == owners { break }
        owners = found
        centres = means(x, owners: owners, clusters: clusters)
    }
    return (centres, owners)
}

/// `count` different rows, each drawn with a chance in proportion to its squared distance from those before.
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
        // Where all rows left are copies of chosen ones, the first of them.
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

/// Each row's nearest centre (the first of equals), and the squared distance to it.
private func nearest(_ x: Matrix, _ centres: Matrix) -> (owners: [Int], distances: [Double]) {
    var owners = [Int](repeating: 0, count: x.rows)
    var distances = [Double](repeating: .infinity, count: x.rows)
    for c in 0 ..< centres.rows {
        let found = squaredDistances(x, to: centres.row(c))
        for i in owners.indices where found[i] < distances[i] { (owners[i], distances[i]) = (c, found[i]) }
    }
    return (owners, distances)
}

/// The squared distance of each row from `centre`, by differences: no digits are lost where rows share a direction.
private func squaredDistances(_ x: Matrix, to centre: [Float]) -> [Double] {
    var distances = [Double](repeating: 0, count: x.rows)
    Parallel.forEachRow(of: x.rows, size: 64, &distances) { i, distance in
        let row = x.span.row(i, width: x.columns)
        let centre = centre.span
        precondition(row.count == centre.count)
        var sum = SIMD16<Float>.zero
        for k in 0 ..< row.vectorCount {
            let difference = row[vector: k] - centre[vector: k]
            sum += difference * difference
        }
        let difference = row.padded(row.vectorCount) - centre.padded(row.vectorCount)
        sum += difference * difference
        distance[0] = Double(sumOfLanes(sum))
    }
    return distances
}

/// Gives each empty cluster the row farthest from its centre, out of a cluster that keeps another.
private func refill(_ owners: inout [Int], distances: inout [Double], clusters: Int) {
    var sizes = [Int](repeating: 0, count: clusters)
    for owner in owners { sizes[owner] += 1 }
    for empty in 0 ..< clusters where sizes[empty] == 0 {
        var farthest: Int?
        for i in owners.indices where sizes[owners[i]] > 1 && distances[i] > (farthest.map { distances[$0] } ?? -1) {
            farthest = i
        }
        guard let farthest else { return }
        sizes[owners[farthest]] -= 1
        sizes[empty] = 1
        owners[farthest] = empty
        distances[farthest] = 0
    }
}

/// The mean of each cluster's rows [K×D].
private func means(_ x: Matrix, owners: [Int], clusters: Int) -> Matrix {
    let width = x.columns
    var sums = [Double](repeating: 0, count: clusters * width)
    var sizes = [Int](repeating: 0, count: clusters)
    for (i, owner) in owners.enumerated() {
        sizes[owner] += 1
        for j in 0 ..< width { sums[owner * width + j] += Double(x.span[i * width + j]) }
    }
    return Matrix(
        sums.indices.map { Float(sums[$0] / Double(max(1, sizes[$0 / width]))) }, rows: clusters, columns: width)
}

/// Returns the names that are most similar to `name`, the most similar first: at most three.
package func nearestNames(to name: String, among names: some Sequence<String>) -> [String] {
    let wanted = Array(name.lowercased())
    // With more than a third of the letters changed, it is a different name.
    let limit = max(2, wanted.count / 3)
    var near: [(distance: Int, name: String)] = []
    for name in names {
        let distance = editDistance(wanted, Array(name.lowercased()), limit: limit)
        if distance <= limit { near.append((distance, name)) }
    }
    return near.sorted { $0 < $1 }.prefix(3).map(\.name)
}

/// Returns the Levenshtein distance, or `limit + 1` if it is greater than `limit`.
private func editDistance(_ a: [Character], _ b: [Character], limit: Int) -> Int {
    guard abs(a.count - b.count) <= limit else { return limit + 1 }
    var row = Array(0 ... b.count)
    for i in a.indices {
        var diagonal = row[0]
        row[0] = i + 1
        for j in b.indices {
            let changed = diagonal + (a[i] == b[j] ? 0 : 1)
            diagonal = row[j + 1]
            row[j + 1] = min(changed, row[j] + 1, row[j + 1] + 1)
        }
    }
    return row[b.count]
}

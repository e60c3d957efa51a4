internal import Archives
internal import Core

/// Images with the same content under different paths.
struct RepeatedImages {
    /// Groups of item numbers: ascending in each group, groups in the order of their first items.
    let groups: [[Int]]

    /// Compares the valid images `numbers`, which have different paths.
    ///
    /// Only files with the same length and the same first page are read completely.
    ///
    /// - Throws: errors of `progress`, which is called repeatedly.
    init(
        among numbers: [Int], _ looks: [FileLook], of source: ItemSource, path: @Sendable (Int) -> String,
        progress: () throws(Fault) -> Void
    ) throws(Fault) {
        let sorted = numbers.sorted {
            (looks[$0].byteCount, looks[$0].head, $0) < (looks[$1].byteCount, looks[$1].head, $1)
        }
        let alike = Self.runs(of: sorted) {
            looks[$0].byteCount == looks[$1].byteCount && looks[$0].head == looks[$1].head
        }
        let long = alike.filter { looks[$0[0]].byteCount > FileLook.headLength }.flatMap(\.self)
        let sums = try Parallel.map(long.count, progress: { _, _ throws(Fault) in try progress() }) { index in
            Self.sum(path(long[index]), source)
        }
        var sumOf: [Int: UInt64] = [:]
        for (number, sum) in zip(long, sums) { sumOf[number] = sum }
        var groups: [[Int]] = []
        for group in alike {
            let isRead = looks[group[0]].byteCount <= FileLook.headLength
            // A file that can no longer be read equals no other.
            let known = isRead ? group : group.filter { sumOf[$0] != nil }
            groups += Dictionary(grouping: known) { sumOf[$0] ?? looks[$0].head }.values.filter { $0.count > 1 }
        }
        self.groups = groups.sorted { $0[0] < $1[0] }
    }

    private static func sum(_ item: String, _ source: ItemSource) -> UInt64? {
        do throws(Fault) {
            return try source.content(of: item).withBytes { bytes throws(Fault) in checksum(bytes) }
        } catch { return nil }
    }

    /// The runs of at least two neighbors for which `areAlike` is true.
    private static func runs(of numbers: [Int], _ areAlike: (Int, Int) -> Bool) -> [[Int]] {
        var runs: [[Int]] = []
        var start = 0
        for end in 1 ..< max(1, numbers.count + 1) where end == numbers.count || !areAlike(numbers[start], numbers[end])
        {
            if end - start > 1 { runs.append(Array(numbers[start ..< end])) }
            start = end
        }
        return runs
    }
}

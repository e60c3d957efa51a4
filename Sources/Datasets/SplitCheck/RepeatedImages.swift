internal import Archives
internal import Core

/// Files of the same content under different paths.
struct RepeatedImages {
    /// Groups of item numbers, each in order, groups in the order of their first items.
    let groups: [[Int]]

    /// Compares the files of items that were seen to be sound.
    ///
    /// Files that differ in length or in their first page differ, so few are read as a whole.
    ///
    /// - Parameters:
    ///   - numbers: items with different paths.
    ///   - looks: what was seen of every item.
    ///   - source: where the images are.
    ///   - path: the path of an item in it.
    ///   - progress: called now and then; it may throw to end the work.
    /// - Throws: what `progress` throws.
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
        let sums = try Parallel.map(long.count, progress: { _, _ throws(Fault) in try progress() }) { place in
            Self.sum(path(long[place]), source)
        }
        var sumOf: [Int: UInt64] = [:]
        for (number, sum) in zip(long, sums) { sumOf[number] = sum }
        var groups: [[Int]] = []
        for group in alike {
            let isRead = looks[group[0]].byteCount <= FileLook.headLength
            // A file that cannot be read any more equals no other.
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

    /// The runs of neighbours that `areAlike`, of two or more.
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

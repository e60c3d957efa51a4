internal import Core

/// An index from paths to items by checksum, of two words per item regardless of the paths' lengths.
struct PathIndex: Sendable {
    private let items: NumberedItems
    /// Sorted by checksum, then by number.
    private var entries: [(sum: UInt64, number: Int32)] = []

    init(_ items: NumberedItems) {
        self.items = items
        entries = (0 ..< items.count).map { (unsafe checksum(items.pathBytes($0).span.bytes), Int32($0)) }
        entries.sort { $0 < $1 }
    }

    func contains(_ path: String) -> Bool {
        let bytes = Array(path.utf8)
        let sum = unsafe checksum(bytes.span.bytes)
        var low = 0
        var high = entries.count
        while low < high {
            let middle = (low + high) / 2
            if entries[middle].sum < sum { low = middle + 1 } else { high = middle }
        }
        while low < entries.count, entries[low].sum == sum {
            if items.pathBytes(Int(entries[low].number)).elementsEqual(bytes) { return true }
            low += 1
        }
        return false
    }

    /// The numbers of items that share a path: ascending in each group, groups in the order of their first items.
    func repeats() -> [[Int]] {
        var groups: [[Int]] = []
        var start = 0
        while start < entries.count {
            var end = start + 1
            while end < entries.count, entries[end].sum == entries[start].sum { end += 1 }
            if end - start > 1 {
                // Different paths can have the same checksum.
                let numbers = entries[start ..< end].map { Int($0.number) }
                groups += Dictionary(grouping: numbers) { Array(items.pathBytes($0)) }.values.filter { $0.count > 1 }
            }
            start = end
        }
        return groups.sorted { $0[0] < $1[0] }
    }
}

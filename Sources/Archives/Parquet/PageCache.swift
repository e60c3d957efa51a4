internal import Core
internal import Synchronization

/// A cache of the pages decompressed last, because their other values are likely to be read next.
///
/// A class, because all readers of one image folder share its memory.
final class PageCache: Sendable {
    /// The identity of a page.
    struct Key: Equatable, Sendable {
        let path: String
        let column: Int
        let group: Int
        let page: Int
    }

    private struct Entry {
        let key: Key
        let values: [ParquetValue]
        let byteCount: Int
    }

    private let byteLimit: Int
    private static let entryLimit = 64
    /// The entries in the order of their last use.
    private let entries = Mutex<[Entry]>([])

    init(byteLimit: Int) { self.byteLimit = byteLimit }

    /// Returns the values of the page `key`, calling `read` if they are not cached.
    ///
    /// One page is read at a time, because waiting threads mostly need the same page.
    func values(
        _ key: Key, byteCount: Int, _ read: () throws(Fault) -> [ParquetValue]
    ) throws(Fault) -> [ParquetValue] {
        try entries.withLock { entries throws(Fault) in
            if let index = entries.lastIndex(where: { $0.key == key }) {
                let entry = entries.remove(at: index)
                entries.append(entry)
                return entry.values
            }
            // Old pages are removed first, so that at most one page exceeds the limit.
            var held = entries.reduce(byteCount) { $0 + $1.byteCount }
            while let oldest = entries.first, held > byteLimit || entries.count >= Self.entryLimit {
                held -= oldest.byteCount
                entries.removeFirst()
            }
            let values = try read()
            entries.append(Entry(key: key, values: values, byteCount: byteCount))
            return values
        }
    }
}

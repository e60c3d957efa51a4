internal import Core
internal import Synchronization

/// The pages that were unpacked last, as their other values are likely to be next.
///
/// A class, as all who read images below one folder share its memory.
final class PageCache: Sendable {
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
    /// In the order of their last use.
    private let entries = Mutex<[Entry]>([])

    init(byteLimit: Int) { self.byteLimit = byteLimit }

    /// The values of the page `key`, by `read` if they are not here.
    ///
    /// One page is read at a time: those who wait for another one mostly wait for the same.
    func values(
        _ key: Key, byteCount: Int, _ read: () throws(Fault) -> [ParquetValue]
    ) throws(Fault) -> [ParquetValue] {
        try entries.withLock { entries throws(Fault) in
            if let place = entries.lastIndex(where: { $0.key == key }) {
                let entry = entries.remove(at: place)
                entries.append(entry)
                return entry.values
            }
            // Room comes first, so that no more than one page is held beyond the limit.
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

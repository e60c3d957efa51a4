internal import Synchronization

/// The tokens of earlier words, shared by the copies of a tokenizer.
///
/// An open-addressing hash table over flat arrays: a `Dictionary` with words as keys was measured 2 to 3 times slower
/// per word, one with their hashes as keys 1.3 times.
final class WordCache: Sendable {  // a class, because copies of a tokenizer share it
    let words = Mutex(Words())

    /// Words in the order of their first occurrence, and a table from hashes to them.
    struct Words {
        private struct Entry {
            let hash: UInt64
            let bytes: Range<Int32>
            let ids: Range<Int32>
        }

        /// The maximum number of words; class names and prompts have some thousands.
        private static let capacity = 1 << 16
        private static let longest = 64
        private var slots: [Int32] = []
        private var entries: [Entry] = []
        private var bytes: [UInt8] = []
        private var ids: [Int32] = []

        /// Appends the tokens of the word at `range` of `text` to `result`, from the cache or by `encode`.
        mutating func append(
            _ range: Range<Int>, of text: [UInt8], to result: inout [Int32], encode: (inout [Int32]) -> Void
        ) {
            guard range.count <= Self.longest else { return encode(&result) }
            if slots.isEmpty { slots = [Int32](repeating: -1, count: Self.capacity * 2) }
            var hash: UInt64 = 0xCBF2_9CE4_8422_2325
            for index in range { hash = (hash ^ UInt64(text[index])) &* 0x0000_0100_0000_01B3 }
            hash ^= hash >> 32
            var slot = Int(truncatingIfNeeded: hash) & (slots.count - 1)
            while slots[slot] >= 0 {
                let entry = entries[Int(slots[slot])]
                if entry.hash == hash, isEqual(entry, range, of: text) {
                    for index in entry.ids { result.append(ids[Int(index)]) }
                    return
                }
                slot = (slot + 1) & (slots.count - 1)
            }
            let first = result.count
            encode(&result)
            guard entries.count < Self.capacity else { return }
            slots[slot] = Int32(entries.count)
            let byteStart = Int32(bytes.count)
            let idStart = Int32(ids.count)
            bytes += text[range]
            ids += result[first...]
            entries.append(
                Entry(hash: hash, bytes: byteStart ..< Int32(bytes.count), ids: idStart ..< Int32(ids.count)))
        }

        private func isEqual(_ entry: Entry, _ range: Range<Int>, of text: [UInt8]) -> Bool {
            guard entry.bytes.count == range.count else { return false }
            for (offset, index) in range.enumerated() where bytes[Int(entry.bytes.lowerBound) + offset] != text[index] {
                return false
            }
            return true
        }
    }
}

internal import Core
internal import Synchronization

/// Which chunks and which blocks of payloads were compared with their checksums already.
///
/// A block is checked when it is touched first, so that opening costs the same whatever the size.
final class BlockChecks: Sendable {
    private let path: String
    /// Blocks are numbered: chunks, then payload after payload.
    private let chunks: [Range<Int>]
    private let payloads: [Seal.Payload]
    /// The first block of each payload.
    private let starts: [String: Int]
    /// How many blocks there are in all.
    let count: Int
    /// Where the checksums are in the file.
    private let checksums: Int
    private let isChecked: Mutex<[Bool]>

    init(_ seal: Seal, path: String) {
        self.path = path
        (chunks, payloads, checksums) = (seal.chunkRanges, seal.payloads, seal.checksums)
        var starts = chunks.isEmpty ? [:] : ["features": 0]
        var count = chunks.count
        for payload in payloads {
            starts[payload.name] = count
            count += payload.size / payload.block + (payload.size % payload.block > 0 ? 1 : 0)
        }
        (self.starts, self.count) = (starts, count)
        isChecked = Mutex(Array(repeating: false, count: count))
    }

    /// Where block `index` is in the file.
    private func range(_ index: Int) -> Range<Int> {
        guard index >= chunks.count else { return chunks[index] }
        for payload in payloads.reversed() {
            guard let start = starts[payload.name], index >= start else { continue }
            let first = payload.offset + (index - start) * payload.block
            return first ..< min(first + payload.block, payload.offset + payload.size)
        }
        preconditionFailure("block \(index) of \(count)")
    }

    /// Checks the numbered blocks of `payload` that were not checked yet.
    ///
    /// - Throws: `badData` where one is not what was written.
    func check(_ payload: String, _ indices: some Sequence<Int>, in file: RawSpan) throws(Fault) {
        guard let start = starts[payload] else { return }
        var wanted: [Int] = []
        isChecked.withLock { isChecked in
            var last = -1
            for index in indices where index != last {
                last = index
                if !isChecked[start + index] { wanted.append(start + index) }
            }
        }
        guard !wanted.isEmpty else { return }
        wanted = Set(wanted).sorted()
        let sums = try pieceChecksums(wanted.map(range), in: file)
        for (block, sum) in zip(wanted, sums) where sum != expected(block, file) {
            throw .damaged(path, "damaged bytes in \(payload), at byte \(range(block).lowerBound) or after")
        }
        isChecked.withLock { for block in wanted { $0[block] = true } }
    }

    /// Checks all blocks of `payload`.
    func check(_ payload: String, in file: RawSpan) throws(Fault) {
        guard let start = starts[payload] else { return }
        let end = starts.values.filter { $0 > start }.min() ?? count
        try check(payload, 0 ..< end - start, in: file)
    }

    private func expected(_ block: Int, _ file: RawSpan) -> UInt64 {
        unsafe file.unsafeLoadUnaligned(fromByteOffset: checksums + block * 8, as: UInt64.self)
    }
}

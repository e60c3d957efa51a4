internal import Artifacts
internal import Synchronization

/// Which chunks and which blocks of payloads were compared with their checksums already.
///
/// A block is checked when it is touched first, so that opening costs the same whatever the size.
final class BlockChecks: Sendable {
    private let path: String
    /// Every block's range in the file: chunks, then payload after payload.
    private let blocks: [Range<Int>]
    /// The first block of each payload.
    private let starts: [String: Int]
    /// Where the checksums are in the file.
    private let checksums: Int
    private let isChecked: Mutex<[Bool]>

    init(_ seal: Seal, path: String) {
        self.path = path
        var blocks = seal.chunkRanges
        var starts = blocks.isEmpty ? [:] : ["features": 0]
        for payload in seal.payloads {
            starts[payload.name] = blocks.count
            let end = payload.offset + payload.size
            blocks += stride(from: payload.offset, to: end, by: payload.block).map {
                $0 ..< min($0 + payload.block, end)
            }
        }
        (self.blocks, self.starts, self.checksums) = (blocks, starts, seal.checksums)
        isChecked = Mutex(Array(repeating: false, count: blocks.count))
    }

    /// How many blocks there are in all.
    var count: Int { blocks.count }

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
        let sums = try pieceChecksums(wanted.map { blocks[$0] }, in: file)
        for (block, sum) in zip(wanted, sums) where sum != expected(block, file) {
            throw .damaged(path, "damaged bytes in \(payload), at byte \(blocks[block].lowerBound) or after")
        }
        isChecked.withLock { for block in wanted { $0[block] = true } }
    }

    /// Checks all blocks of `payload`.
    func check(_ payload: String, in file: RawSpan) throws(Fault) {
        guard let start = starts[payload] else { return }
        let end = starts.values.filter { $0 > start }.min() ?? blocks.count
        try check(payload, 0 ..< end - start, in: file)
    }

    private func expected(_ block: Int, _ file: RawSpan) -> UInt64 {
        unsafe file.unsafeLoadUnaligned(fromByteOffset: checksums + block * 8, as: UInt64.self)
    }
}

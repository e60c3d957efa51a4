internal import Core
internal import Glibc
internal import Synchronization

/// Compares chunks and blocks of a feature file with their checksums, each on first use and not when it is opened.
final class BlockVerifier: Sendable {
    private let path: String
    /// The ranges of the chunks; block indices count the chunks, then the blocks of each payload.
    private let chunks: [Range<Int>]
    /// The payloads, each with the index of its first block.
    private let payloads: [(payload: Seal.Payload, first: Int)]
    /// The byte offset of the checksums in the file.
    private let checksums: Int
    private let isChecked: Mutex<[Bool]>

    init(_ seal: Seal, path: String) {
        self.path = path
        chunks = seal.chunkRanges
        checksums = seal.checksums
        var payloads: [(payload: Seal.Payload, first: Int)] = []
        var count = chunks.count
        for payload in seal.payloads {
            payloads.append((payload, count))
            count += payload.blockCount
        }
        self.payloads = payloads
        isChecked = Mutex(Array(repeating: false, count: count))
    }

    /// Returns the indices of all blocks of `payload`; nil if the file has none.
    private func blocks(of name: String) -> Range<Int>? {
        if let (payload, first) = payloads.first(where: { $0.payload.name == name }) {
            return first ..< first + payload.blockCount
        }
        return name == "features" && !chunks.isEmpty ? chunks.indices : nil
    }

    private func range(_ index: Int) -> Range<Int> {
        guard index >= chunks.count, let (payload, start) = payloads.last(where: { $0.first <= index }) else {
            return chunks[index]
        }
        let first = payload.offset + (index - start) * payload.block
        return first ..< min(first + payload.block, payload.offset + payload.size)
    }

    /// Throws `badData` if one of the given blocks of `payload`, unless already verified, does not match its checksum.
    func check(_ payload: String, _ indices: some Sequence<Int>, in file: RawSpan) throws(Fault) {
        guard let blocks = blocks(of: payload) else { return }
        var wanted: [Int] = []
        isChecked.withLock { isChecked in
            var last = -1
            for index in indices where index != last {
                last = index
                if !isChecked[blocks.lowerBound + index] { wanted.append(blocks.lowerBound + index) }
            }
        }
        guard !wanted.isEmpty else { return }
        wanted = Set(wanted).sorted()
        let sums = try pieceChecksums(wanted.map(range), in: file)
        for (block, sum) in zip(wanted, sums) where sum != expected(block, file) {
            throw .damaged(path, "damaged bytes in \(payload) at or after byte \(range(block).lowerBound)")
        }
        isChecked.withLock { for block in wanted { $0[block] = true } }
    }

    func check(_ payload: String, in file: RawSpan) throws(Fault) {
        try check(payload, 0 ..< (blocks(of: payload)?.count ?? 0), in: file)
    }

    private func expected(_ block: Int, _ file: RawSpan) -> UInt64 {
        unsafe file.unsafeLoadUnaligned(fromByteOffset: checksums + block * 8, as: UInt64.self)
    }
}

/// Computes the XXH3-64 of each of `ranges`, on all threads if there is enough work.
func pieceChecksums(_ ranges: [Range<Int>], in bytes: RawSpan) throws(Fault) -> [UInt64] {
    // Enough outstanding requests to keep a disk busy, but far less than the page cache.
    let ahead = 8
    var sums = [UInt64](repeating: 0, count: ranges.count)
    try unsafe bytes.withUnsafeBytes { buffer throws(Fault) in
        try unsafe sums.withUnsafeMutableBufferPointer { sums throws(Fault) in
            let total = ranges.reduce(0) { $0 + $1.count }
            func one(_ index: Int) {
                if index + ahead < ranges.count { unsafe willNeed(ranges[index + ahead], in: buffer) }
                let piece = unsafe UnsafeRawBufferPointer(rebasing: buffer[ranges[index]])
                unsafe sums[index] = checksum(piece.bytes)
            }
            for range in ranges.prefix(ahead) { unsafe willNeed(range, in: buffer) }
            // Waking a second core takes about as long as the checksum of 100 KB.
            guard total > 2 * Seal.piece else { return (0 ..< ranges.count).forEach(one) }
            try Parallel.forEach(ranges.count) { index throws(Fault) in one(index) }
        }
    }
    return sums
}

/// Requests the pages of a range: several threads defeat the kernel's read-ahead, and pages come 20 times slower then.
private func willNeed(_ range: Range<Int>, in mapping: UnsafeRawBufferPointer) {
    guard let base = mapping.baseAddress else { return }
    let start = range.lowerBound / 4096 * 4096
    unsafe madvise(UnsafeMutableRawPointer(mutating: base + start), range.upperBound - start, MADV_WILLNEED)
}

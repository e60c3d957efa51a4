internal import Core
internal import Synchronization

/// Compares chunks and blocks of a feature file with their checksums, each on first use.
///
/// Opening a file therefore takes the same time regardless of its size.
final class BlockVerifier: Sendable {
    private let path: String
    /// The ranges of the chunks; block indices count the chunks, then the blocks of each payload.
    private let chunks: [Range<Int>]
    private let payloads: [Seal.Payload]
    /// The first block of each payload.
    private let starts: [String: Int]
    /// The number of all blocks.
    let count: Int
    /// The byte offset of the checksums in the file.
    private let checksums: Int
    private let isChecked: Mutex<[Bool]>

    init(_ seal: Seal, path: String) {
        self.path = path
        chunks = seal.chunkRanges
        payloads = seal.payloads
        checksums = seal.checksums
        var starts = chunks.isEmpty ? [:] : ["features": 0]
        var count = chunks.count
        for payload in payloads {
            starts[payload.name] = count
            count += payload.size / payload.block + (payload.size % payload.block > 0 ? 1 : 0)
        }
        self.starts = starts
        self.count = count
        isChecked = Mutex(Array(repeating: false, count: count))
    }

    /// Returns the byte range of block `index`.
    private func range(_ index: Int) -> Range<Int> {
        guard index >= chunks.count else { return chunks[index] }
        for payload in payloads.reversed() {
            guard let start = starts[payload.name], index >= start else { continue }
            let first = payload.offset + (index - start) * payload.block
            return first ..< min(first + payload.block, payload.offset + payload.size)
        }
        preconditionFailure("block \(index) of \(count)")
    }

    /// Verifies the given blocks of `payload` unless they are already verified.
    ///
    /// - Throws: `badData` if a block does not match its checksum.
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
            throw .damaged(path, "damaged bytes in \(payload) at or after byte \(range(block).lowerBound)")
        }
        isChecked.withLock { for block in wanted { $0[block] = true } }
    }

    /// Verifies all blocks of `payload`.
    func check(_ payload: String, in file: RawSpan) throws(Fault) {
        guard let start = starts[payload] else { return }
        let end = starts.values.filter { $0 > start }.min() ?? count
        try check(payload, 0 ..< end - start, in: file)
    }

    private func expected(_ block: Int, _ file: RawSpan) -> UInt64 {
        unsafe file.unsafeLoadUnaligned(fromByteOffset: checksums + block * 8, as: UInt64.self)
    }
}

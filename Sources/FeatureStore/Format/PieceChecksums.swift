internal import Core
internal import Glibc

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

/// Requests the pages of a mapped range at once.
///
/// Several threads defeat the kernel's read-ahead, which would then read page by page, 20 times slower.
private func willNeed(_ range: Range<Int>, in mapping: UnsafeRawBufferPointer) {
    guard let base = mapping.baseAddress else { return }
    let start = range.lowerBound / 4096 * 4096
    unsafe madvise(UnsafeMutableRawPointer(mutating: base + start), range.upperBound - start, MADV_WILLNEED)
}

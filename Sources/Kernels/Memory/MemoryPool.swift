/// A pool of memory blocks for intermediate values.
///
/// Training requests the same sizes at every step, and fresh pages from the system cost more than the work on them.
@safe package enum MemoryPool {
    private static let idle = IdleBlocks(limit: 256 << 20)

    /// Returns at least `byteCount` bytes, aligned to 64, with their old contents.
    package static func take(_ byteCount: Int) -> UnsafeMutableRawPointer {
        let size = rounded(byteCount)
        if let block = unsafe idle.take(size) { return unsafe block }
        return UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 64)
    }

    /// Returns a block from ``take(_:)`` of `byteCount` bytes to the pool.
    package static func give(_ block: UnsafeMutableRawPointer, _ byteCount: Int) {
        unsafe idle.give(block, rounded(byteCount))
    }

    private static func rounded(_ byteCount: Int) -> Int { max(64, (byteCount + 4095) / 4096 * 4096) }
}

internal import CProcessor

/// A pool of memory blocks for intermediate values.
///
/// Training requests the same sizes at every step, and fresh pages from the system cost more than the work on them.
@safe enum MemoryPool {
    private static let idle = IdleBlocks(limit: 256 << 20)

    /// Returns at least `byteCount` bytes, aligned to 64, with their old contents.
    static func take(_ byteCount: Int) -> UnsafeMutableRawPointer {
        let size = rounded(byteCount)
        if let block = unsafe idle.take(size) { return unsafe block }
        return UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 64)
    }

    /// Returns a block from ``take(_:)`` of `byteCount` bytes to the pool.
    static func give(_ block: UnsafeMutableRawPointer, _ byteCount: Int) {
        unsafe idle.give(block, rounded(byteCount))
    }

    private static func rounded(_ byteCount: Int) -> Int { max(64, (byteCount + 4095) / 4096 * 4096) }
}

/// Lets the process keep the memory of freed matrices for new ones.
///
/// Programs call it once, at their start. By default the system takes back large blocks when they are freed and
/// provides fresh pages at the next step.
public func keepFreedMatrices() {
    cprocessor_keep_freed_blocks()
}

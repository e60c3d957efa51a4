internal import CProcessor

/// Memory that kernels have given back, kept for the next one that asks for as much.
///
/// A training asks for the same sizes step after step; fresh pages of the system cost more than the work on them.
@safe enum MemoryPool {
    private static let idle = IdleBlocks(limit: 256 << 20)

    /// At least `byteCount` bytes, aligned for vectors, as they were left.
    static func take(_ byteCount: Int) -> UnsafeMutableRawPointer {
        let size = rounded(byteCount)
        if let block = unsafe idle.take(size) { return unsafe block }
        return UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 64)
    }

    /// Takes back what ``take(_:)`` gave for `byteCount` bytes.
    static func give(_ block: UnsafeMutableRawPointer, _ byteCount: Int) {
        unsafe idle.give(block, rounded(byteCount))
    }

    private static func rounded(_ byteCount: Int) -> Int { max(64, (byteCount + 4095) / 4096 * 4096) }
}

/// Lets the process keep the memory of freed matrices for the next ones: a program's choice, made once at its start.
///
/// By default the system takes back large blocks at once, and gives fresh pages at the next step.
public func keepFreedMatrices() {
    cprocessor_keep_freed_blocks()
}

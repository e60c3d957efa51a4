internal import Glibc
internal import Kernels

/// Memory for weights and for the values between layers, on large pages where the system has them.
///
/// A layer's product walks over megabytes; with small pages it waits for their addresses, up to a tenth of its time.
@safe enum LayerMemory {
    static let page = 2 << 20
    private static let idle = IdleBlocks(limit: 256 << 20)

    /// A new block of whole pages.
    static func allocate(_ byteCount: Int) -> UnsafeMutableRawPointer {
        let size = rounded(byteCount)
        let block = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: page)
        // Advice: where it is not taken, the pages are small.
        unsafe madvise(block, size, MADV_HUGEPAGE)
        return unsafe block
    }

    /// At least `byteCount` bytes as they were left, from blocks that were given back if there is one.
    static func take(_ byteCount: Int) -> UnsafeMutableRawPointer {
        guard byteCount >= page / 8 else { return unsafe MemoryPool.take(byteCount) }
        let size = rounded(byteCount)
        if let block = unsafe idle.take(size) { return unsafe block }
        return unsafe allocate(size)
    }

    /// Takes back what ``take(_:)`` gave for `byteCount` bytes.
    static func give(_ block: UnsafeMutableRawPointer, _ byteCount: Int) {
        guard byteCount >= page / 8 else { return unsafe MemoryPool.give(block, byteCount) }
        unsafe idle.give(block, rounded(byteCount))
    }

    private static func rounded(_ byteCount: Int) -> Int { max(1, (byteCount + page - 1) / page) * page }
}

/// Room for the weights of many layers, side by side, so that large pages are filled.
///
/// What is taken from it lives as long as the arena.
@safe package final class LayerArena: @unchecked Sendable {  // written by one thread, before its layers are run
    private var blocks: [UnsafeMutableRawPointer] = unsafe []
    /// Bytes of the last block that are taken, and that it has.
    private var used = 0
    private var size = 0

    package init() {}

    deinit { unsafe blocks.forEach { unsafe $0.deallocate() } }

    /// Zeroed room for `byteCount` bytes.
    func take(_ byteCount: Int) -> LayerValues {
        let wanted = (byteCount + 63) / 64 * 64
        if used + wanted > size {
            size = max(wanted, 16 * LayerMemory.page)
            size = (size + LayerMemory.page - 1) / LayerMemory.page * LayerMemory.page
            used = 0
            unsafe blocks.append(LayerMemory.allocate(size))
        }
        guard let block = unsafe blocks.last else { preconditionFailure("a block was just made") }
        let values = unsafe LayerValues(block + used, count: wanted / 4, precision: .float32)
        used += wanted
        values.clear()
        return values
    }
}

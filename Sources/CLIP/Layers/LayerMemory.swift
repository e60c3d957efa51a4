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

/// A block of memory for weights, written by the thread that packs them and only read once layers run.
@safe final class LayerBlock: @unchecked Sendable {  // written before its layers are shared
    private let base: UnsafeMutableRawPointer
    let size: Int

    /// Makes a zeroed block.
    init(size: Int) {
        unsafe base = LayerMemory.allocate(size)
        self.size = size
        unsafe base.initializeMemory(as: UInt8.self, repeating: 0, count: size)
    }

    deinit { unsafe base.deallocate() }

    /// The address of the bytes `range`, which the block's owner must keep alive.
    @unsafe
    func address(_ range: Range<Int>) -> UnsafeMutableRawPointer {
        precondition(range.lowerBound >= 0 && range.upperBound <= size)
        return unsafe base + range.lowerBound
    }
}

/// The packed weights of one layer, in a block that they keep alive.
struct PackedWeights: Sendable {
    let block: LayerBlock
    let range: Range<Int>
}

/// Room for the weights of many layers, side by side, so that large pages are filled.
package final class LayerArena {
    private var block: LayerBlock?
    /// Bytes of the block that are taken.
    private var used = 0

    package init() {}

    /// Zeroed room for `byteCount` bytes.
    func take(_ byteCount: Int) -> PackedWeights {
        let wanted = (byteCount + 63) / 64 * 64
        var block = block
        if block == nil || used + wanted > block?.size ?? 0 {
            let size = max(wanted, 16 * LayerMemory.page)
            block = LayerBlock(size: (size + LayerMemory.page - 1) / LayerMemory.page * LayerMemory.page)
            used = 0
        }
        guard let block else { preconditionFailure("a block was just made") }
        self.block = block
        defer { used += wanted }
        return PackedWeights(block: block, range: used ..< used + wanted)
    }
}

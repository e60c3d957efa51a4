internal import Kernels

/// A block of memory for weights, written by the thread that packs them and only read once layers run.
@safe final class LayerBlock: @unchecked Sendable {  // written before its layers are shared
    private let base: UnsafeMutableRawPointer
    let size: Int

    /// Makes a zeroed block.
    init(size: Int) {
        unsafe base = MemoryPool.large.allocate(size)
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

/// Memory for the weights of many layers, side by side, so that large pages are filled.
package final class LayerArena {
    private var block: LayerBlock?
    /// The number of bytes of the block in use.
    private var used = 0

    package init() {}

    /// Returns `byteCount` bytes that are zero.
    func take(_ byteCount: Int) -> PackedWeights {
        let wanted = (byteCount + 63) / 64 * 64
        if let block, used + wanted <= block.size {
            defer { used += wanted }
            return PackedWeights(block: block, range: used ..< used + wanted)
        }
        let block = LayerBlock(size: max(wanted, 16 * MemoryPool.large.page))
        self.block = block
        used = wanted
        return PackedWeights(block: block, range: 0 ..< wanted)
    }
}

import Synchronization

/// Unused blocks of memory, by size, kept for later requests of the same size.
package final class IdleBlocks: Sendable {
    private struct State {
        /// Addresses by size.
        ///
        /// They are integers because the state of a lock must be Sendable and pointers are not.
        var blocks: [Int: [UInt]] = [:]
        var byteCount = 0
    }

    private let state = Mutex(State())
    /// The largest number of bytes kept.
    private let limit: Int

    package init(limit: Int) { self.limit = limit }

    /// Returns a block of exactly `size` bytes with its old contents, or nil if none is kept.
    package func take(_ size: Int) -> UnsafeMutableRawPointer? {
        let address: UInt? = state.withLock { state in
            guard let block = state.blocks[size]?.popLast() else { return nil }
            state.byteCount -= size
            return block
        }
        return unsafe address.flatMap { unsafe UnsafeMutableRawPointer(bitPattern: $0) }
    }

    /// Keeps a block of `size` bytes, or frees it if the limit is reached.
    package func give(_ block: UnsafeMutableRawPointer, _ size: Int) {
        let address = UInt(bitPattern: block)
        let isKept = state.withLock { state in
            guard state.byteCount + size <= limit else { return false }
            state.blocks[size, default: []].append(address)
            state.byteCount += size
            return true
        }
        if !isKept { unsafe block.deallocate() }
    }
}

import Synchronization

/// Blocks of memory that were given back, by size, kept for the next who asks for as much.
final class IdleBlocks: Sendable {
    private struct State {
        /// Addresses by size: numbers, since a lock may guard only what can be sent.
        var blocks: [Int: [UInt]] = [:]
        var byteCount = 0
    }

    private let state = Mutex(State())
    /// Bytes that are kept at most.
    private let limit: Int

    init(limit: Int) { self.limit = limit }

    /// A block of exactly `size` bytes as it was left; nil if there is none.
    func take(_ size: Int) -> UnsafeMutableRawPointer? {
        let address: UInt? = state.withLock { state in
            guard let block = state.blocks[size]?.popLast() else { return nil }
            state.byteCount -= size
            return block
        }
        return unsafe address.flatMap { unsafe UnsafeMutableRawPointer(bitPattern: $0) }
    }

    /// Keeps a block of `size` bytes, or frees it where enough is kept.
    func give(_ block: UnsafeMutableRawPointer, _ size: Int) {
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

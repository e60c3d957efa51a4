internal import Glibc
import Synchronization

/// Unused blocks of memory, by size, kept for later requests of the same size.
///
/// Training requests the same sizes at every step, and fresh pages from the system cost more than the work on them.
package final class MemoryPool: Sendable {
    /// Blocks of the usual pages.
    package static let small = MemoryPool(page: 4096)
    /// Blocks on large pages where the system has them; requests far below a page go to ``small``.
    ///
    /// A product that walks over megabytes waits for the addresses of small pages, up to a tenth of its time.
    package static let large = MemoryPool(page: 2 << 20)

    private struct State {
        /// Addresses by size.
        ///
        /// They are integers because the state of a lock must be Sendable and pointers are not.
        var blocks: [Int: [UInt]] = [:]
        var byteCount = 0
    }

    /// The size of a page in bytes, of which blocks are multiples.
    package let page: Int
    private let state = Mutex(State())
    /// The largest number of bytes kept.
    private static let limit = 256 << 20

    private init(page: Int) { self.page = page }

    /// Returns at least `byteCount` bytes, aligned to 64, with their old contents.
    package func take(_ byteCount: Int) -> UnsafeMutableRawPointer {
        if self !== Self.small, byteCount < page / 8 { return unsafe Self.small.take(byteCount) }
        let size = rounded(byteCount)
        let address: UInt? = state.withLock { state in
            guard let block = state.blocks[size]?.popLast() else { return nil }
            state.byteCount -= size
            return block
        }
        if let block = unsafe address.flatMap({ unsafe UnsafeMutableRawPointer(bitPattern: $0) }) {
            return unsafe block
        }
        return unsafe allocate(size)
    }

    /// Keeps a block of `byteCount` bytes from ``take(_:)``, or frees it if the limit is reached.
    package func give(_ block: UnsafeMutableRawPointer, _ byteCount: Int) {
        if self !== Self.small, byteCount < page / 8 { return unsafe Self.small.give(block, byteCount) }
        let size = rounded(byteCount)
        let address = UInt(bitPattern: block)
        let isKept = state.withLock { state in
            guard state.byteCount + size <= Self.limit else { return false }
            state.blocks[size, default: []].append(address)
            state.byteCount += size
            return true
        }
        if !isKept { unsafe block.deallocate() }
    }

    /// Allocates whole pages for `byteCount` bytes.
    package func allocate(_ byteCount: Int) -> UnsafeMutableRawPointer {
        guard self !== Self.small else { return .allocate(byteCount: rounded(byteCount), alignment: 64) }
        let block = UnsafeMutableRawPointer.allocate(byteCount: rounded(byteCount), alignment: page)
        // Advice: where it is not taken, the pages are small.
        unsafe madvise(block, rounded(byteCount), MADV_HUGEPAGE)
        return unsafe block
    }

    private func rounded(_ byteCount: Int) -> Int { max(1, (byteCount + page - 1) / page) * page }
}

internal import CProcessor
import Synchronization

/// Memory that kernels have given back, kept for the next one that asks for as much.
///
/// A training asks for the same sizes step after step; fresh pages of the system cost more than the work on them.
@safe enum MemoryPool {
    private static let idle = Mutex<Idle>(Idle())

    private struct Idle {
        /// Addresses by size: numbers, since a lock may guard only what can be sent.
        var blocks: [Int: [UInt]] = [:]
        var byteCount = 0
    }

    /// What is kept at most.
    private static let limit = 256 << 20

    /// At least `byteCount` bytes, aligned for vectors, as they were left.
    static func take(_ byteCount: Int) -> UnsafeMutableRawPointer {
        let size = rounded(byteCount)
        let kept: UInt? = idle.withLock { idle in
            guard let block = idle.blocks[size]?.popLast() else { return nil }
            idle.byteCount -= size
            return block
        }
        guard let kept, let block = unsafe UnsafeMutableRawPointer(bitPattern: kept) else {
            return UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 64)
        }
        return unsafe block
    }

    /// Takes back what ``take(_:)`` gave for `byteCount` bytes.
    static func give(_ block: UnsafeMutableRawPointer, _ byteCount: Int) {
        let (size, address) = (rounded(byteCount), UInt(bitPattern: block))
        let isKept = idle.withLock { idle in
            guard idle.byteCount + size <= limit else { return false }
            idle.blocks[size, default: []].append(address)
            idle.byteCount += size
            return true
        }
        if !isKept { unsafe block.deallocate() }
    }

    private static func rounded(_ byteCount: Int) -> Int { max(64, (byteCount + 4095) / 4096 * 4096) }
}

/// Lets the process keep the memory of freed matrices for the next ones: a program's choice, made once at its start.
///
/// By default the system takes back large blocks at once, and gives fresh pages at the next step.
public func keepFreedMatrices() {
    cprocessor_keep_freed_blocks()
}

internal import Core
internal import Foundation

/// Bytes that may be held at once; who asks for more than is left waits.
///
/// Every grant is asked for by a thread that holds none of the same budget, so that none waits for itself.
final class MemoryBudget: @unchecked Sendable {  // its state is behind the condition
    let total: Int
    private var used = 0
    private var isClosed = false
    private let condition = NSCondition()

    init(_ total: Int) { self.total = total }

    /// Waits until `byteCount` bytes are free, and takes them.
    ///
    /// - Returns: false where there never are as many, or the budget was closed.
    func take(_ byteCount: Int) -> Bool {
        condition.withLock {
            guard byteCount <= total else { return false }
            while used + byteCount > total, !isClosed { condition.wait() }
            guard !isClosed else { return false }
            used += byteCount
            return true
        }
    }

    func give(_ byteCount: Int) {
        condition.withLock {
            used -= byteCount
            condition.broadcast()
        }
    }

    /// Lets everyone who waits go.
    func close() {
        condition.withLock {
            isClosed = true
            condition.broadcast()
        }
    }
}

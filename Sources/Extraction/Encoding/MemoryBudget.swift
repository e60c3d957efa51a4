internal import Core
internal import Foundation

/// A limit for the bytes in use; a request for more than is left waits.
///
/// A thread requests memory only while it holds none of the same budget, so no thread waits for itself.
final class MemoryBudget: @unchecked Sendable {  // its state is behind the condition
    let total: Int
    private var used = 0
    private var isClosed = false
    private let condition = NSCondition()

    init(_ total: Int) { self.total = total }

    /// Waits until `byteCount` bytes are free, and takes them.
    ///
    /// - Returns: false if the budget is smaller, or was closed.
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

    /// Ends all waiting.
    func close() {
        condition.withLock {
            isClosed = true
            condition.broadcast()
        }
    }
}

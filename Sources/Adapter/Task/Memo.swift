internal import Synchronization

/// A value that is computed at its first use and kept.
final class Memo<Value: Sendable>: Sendable {
    private let made = Mutex<Value?>(nil)

    func value<Failure: Error>(_ make: () throws(Failure) -> Value) throws(Failure) -> Value {
        if let value = made.withLock({ $0 }) { return value }
        // Two concurrent callers both compute it: neither holds the lock during work on all threads.
        let value = try make()
        return made.withLock { made in
            if let first = made { return first }
            made = value
            return value
        }
    }
}

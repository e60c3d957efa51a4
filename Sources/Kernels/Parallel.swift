import Dispatch
import Synchronization

/// Parallel loops.
///
/// Work is divided by its shape, never by the number of threads, and one thread computes each piece from start to end.
/// Results therefore do not depend on the number of threads.
public enum Parallel {
    private static let limit = Atomic<Int>(0)
    /// Whether loops run on the calling thread only.
    @TaskLocal private static var isSerial = false

    /// Runs `body` with all its parallel loops on the calling thread.
    ///
    /// For work that already keeps every core busy.
    package static func onOneThread<Value>(_ body: () -> Value) -> Value { $isSerial.withValue(true) { body() } }

    /// The largest number of threads in use: all cores unless set.
    ///
    /// Zero means all cores.
    public static var threadCount: Int {
        get {
            let set = limit.load(ordering: .relaxed)
            return set > 0 ? set : coreCount
        }
        set { limit.store(max(0, newValue), ordering: .relaxed) }
    }

    /// Runs `body` for each index below `count`, on all threads.
    public static func forEach(_ count: Int, _ body: @Sendable (Int) -> Void) {
        let workers = isSerial ? 1 : min(threadCount, count)
        guard workers > 1 else {
            for index in 0 ..< count { body(index) }
            return
        }
        let next = Atomic<Int>(0)
        DispatchQueue.concurrentPerform(iterations: workers) { _ in
            while true {
                let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
                guard index < count else { return }
                body(index)
            }
        }
    }

    /// Divides `0 ..< count` into ranges of `size` and runs `body` for each, on all threads.
    package static func forEachPiece(of count: Int, size: Int, _ body: @Sendable (Range<Int>) -> Void) {
        let pieces = (count + size - 1) / size
        forEach(pieces) { piece in body(piece * size ..< min(count, (piece + 1) * size)) }
    }
}

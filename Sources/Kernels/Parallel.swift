import Dispatch
import Synchronization

/// The project's one way to use more than one core.
///
/// Work is cut into pieces by its shape, never by the number of threads, and each piece is done by one thread from
/// start to end: results do not depend on how many threads there are.
public enum Parallel {
    private static let limit = Atomic<Int>(0)
    /// Whether the calling thread does all pieces itself.
    @TaskLocal private static var isSerial = false

    /// Runs `body` with all that it would spread over threads on the calling one.
    ///
    /// For work that keeps every core busy with a piece of its own already.
    package static func onOneThread<Value>(_ body: () -> Value) -> Value { $isSerial.withValue(true) { body() } }

    /// How many threads the kernels may use; all cores unless set.
    public static var threadCount: Int {
        get {
            let set = limit.load(ordering: .relaxed)
            return set > 0 ? set : coreCount
        }
        set { limit.store(max(0, newValue), ordering: .relaxed) }
    }

    /// Runs `body` for each index below `count`, each on some thread.
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

    /// Cuts `0 ..< count` into pieces of `size` and runs `body` for each.
    package static func forEachPiece(of count: Int, size: Int, _ body: @Sendable (Range<Int>) -> Void) {
        let pieces = (count + size - 1) / size
        forEach(pieces) { piece in body(piece * size ..< min(count, (piece + 1) * size)) }
    }
}

internal import CProcessor
internal import Dispatch
internal import Glibc
internal import Synchronization

/// The project's one way to use more than one core.
///
/// Work is cut into pieces by its shape, and one thread executes each piece from start to end. Results therefore do not
/// depend on the number of threads.
public enum Parallel {
    private static let limit = Atomic<Int>(0)
    /// Whether the calling thread executes all pieces itself.
    @TaskLocal private static var isSerial = false

    /// The number of processors this process may run on; a scheduler may restrict it to some of the machine's.
    private static let coreCount: Int = {
        let allowed = Int(cprocessor_allowed_count())
        return allowed > 0 ? allowed : max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))))
    }()

    /// The number of threads that parallel work may use; all cores unless set.
    public static var threadCount: Int {
        get {
            let set = limit.load(ordering: .relaxed)
            return set > 0 ? set : coreCount
        }
        set { limit.store(max(0, newValue), ordering: .relaxed) }
    }

    /// Runs `body`, which occupies one core of several, with all its parallel work on the calling thread.
    package static func onOneThread<Value>(_ body: () -> Value) -> Value { $isSerial.withValue(true) { body() } }

    /// Runs `body` for each index below `count`, each on some thread.
    public static func forEach(_ count: Int, _ body: @Sendable (Int) -> Void) {
        let workers = isSerial ? 1 : min(threadCount, count)
        guard workers > 1 else { return (0 ..< count).forEach(body) }
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
    @usableFromInline
    package static func forEachPiece(of count: Int, size: Int, _ body: @Sendable (Range<Int>) -> Void) {
        let pieces = (count + size - 1) / size
        forEach(pieces) { piece in body(piece * size ..< min(count, (piece + 1) * size)) }
    }

    /// Runs `body` for each index below `count`; each thread makes a workspace of its own.
    ///
    /// - Throws: the error of the lowest failing index, whichever thread met one first.
    package static func forEach<Workspace: ~Copyable, Failure: Error>(
        _ count: Int, workspace: () -> Workspace, _ body: (Int, inout Workspace) throws(Failure) -> Void
    ) throws(Failure) {
        guard count > 0 else { return }
        let next = Atomic<Int>(0)
        let first = Mutex<(index: Int, error: Failure)?>(nil)
        func work() {
            var own = workspace()
            while true {
                let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
                guard index < count else { return }
                do throws(Failure) { try body(index, &own) } catch {
                    first.withLock { if index < $0?.index ?? .max { $0 = (index, error) } }
                    // Later indices need not run; earlier ones are already taken.
                    next.store(count, ordering: .relaxed)
                }
            }
        }
        withoutActuallyEscaping(work) { work in
            // Bodies share only what they may: each writes its own part of the output.
            nonisolated(unsafe) let work = work
            DispatchQueue.concurrentPerform(iterations: isSerial ? 1 : min(count, threadCount)) { _ in unsafe work() }
        }
        if let failure = first.withLock({ $0 }) { throw failure.error }
    }

    /// Runs `body` for each index below `count`.
    ///
    /// - Throws: the error of the lowest failing index.
    package static func forEach<Failure: Error>(_ count: Int, _ body: (Int) throws(Failure) -> Void) throws(Failure) {
        try forEach(count, workspace: { () }) { index, _ throws(Failure) in try body(index) }
    }

    /// The values of `body` for each index below `count`, in order.
    package static func map<Value: Sendable>(_ count: Int, _ body: @Sendable (Int) -> Value) -> [Value] {
        map(count, progress: { _, _ in }, body)
    }

    /// The values of `body` for each index below `count`, in order.
    ///
    /// - Throws: the error of `progress`, which takes the number of finished calls and `count` on the caller's thread.
    package static func map<Value: Sendable, Failure: Error>(
        _ count: Int, progress: (Int, Int) throws(Failure) -> Void, _ body: @Sendable (Int) -> Value
    ) throws(Failure) -> [Value] {
        let block = 128 * threadCount
        var values: [Value] = []
        values.reserveCapacity(count)
        while values.count < count {
            let start = values.count
            let size = min(block, count - start)
            let made = Mutex([Value?](repeating: nil, count: size))
            forEach(size) { index in
                let value = body(start + index)
                made.withLock { $0[index] = value }
            }
            values += made.withLock { $0 }.compactMap(\.self)
            try progress(values.count, count)
        }
        return values
    }
}

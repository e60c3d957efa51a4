internal import Core
internal import Dispatch
internal import Kernels
internal import Synchronization

/// Runs `body(0) ... body(count - 1)` on all threads, each thread with a workspace of its own.
///
/// - Throws: the fault of the lowest index, whichever thread met one first.
func inParallel<Workspace: ~Copyable>(
    _ count: Int, workspace: () -> Workspace, _ body: (Int, inout Workspace) throws(Fault) -> Void
) throws(Fault) {
    guard count > 0 else { return }
    let next = Atomic<Int>(0)
    let first = Mutex<(index: Int, fault: Fault)?>(nil)
    func work() {
        var own = workspace()
        while true {
            let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
            guard index < count else { return }
            do throws(Fault) { try body(index, &own) } catch {
                first.withLock { if index < $0?.index ?? .max { $0 = (index, error) } }
                // Later indices need not run; earlier ones are already taken.
                next.store(count, ordering: .relaxed)
            }
        }
    }
    withoutActuallyEscaping(work) { work in
        // The bodies share only what they may: each writes its own part of the output.
        nonisolated(unsafe) let work = work
        DispatchQueue.concurrentPerform(iterations: min(count, Parallel.threadCount)) { _ in unsafe work() }
    }
    if let failure = first.withLock({ $0 }) { throw failure.fault }
}

/// Runs `body(0) ... body(count - 1)` on all threads.
func inParallel(_ count: Int, _ body: (Int) throws(Fault) -> Void) throws(Fault) {
    try inParallel(count, workspace: { () }) { index, _ throws(Fault) in try body(index) }
}

internal import Core
internal import Dispatch
internal import Kernels
internal import Synchronization

/// Runs `body(0) ... body(count - 1)` on all threads, each with its own workspace.
///
/// - Throws: the error of the lowest index that fails, regardless of the order of execution.
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
                // Later indices are skipped; earlier ones have already started.
                next.store(count, ordering: .relaxed)
            }
        }
    }
    withoutActuallyEscaping(work) { work in
        // Each body writes its own part of the output.
        nonisolated(unsafe) let work = work
        DispatchQueue.concurrentPerform(iterations: min(count, Parallel.threadCount)) { _ in unsafe work() }
    }
    if let failure = first.withLock({ $0 }) { throw failure.fault }
}

/// Runs `body(0) ... body(count - 1)` on all threads.
func inParallel(_ count: Int, _ body: (Int) throws(Fault) -> Void) throws(Fault) {
    try inParallel(count, workspace: { () }) { index, _ throws(Fault) in try body(index) }
}

internal import Core
internal import Dispatch
internal import Glibc
internal import Synchronization

/// Runs `body(0) ... body(count - 1)` on all cores.
///
/// - Parameters:
///   - count: the number of calls.
///   - progress: called on the caller's thread with the number of finished calls and the total; an error that it throws
///     ends the work.
///   - body: the work, called from several threads at once.
/// - Returns: the values of `body` in the order of the indices.
/// - Throws: errors of `progress`.
func concurrently<Value: Sendable>(
    _ count: Int, progress: (Int, Int) throws(Fault) -> Void, _ body: @Sendable (Int) -> Value
) throws(Fault) -> [Value] {
    let chunk = 8
    let block = 16 * chunk * max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))
    var values: [Value] = []
    values.reserveCapacity(count)
    while values.count < count {
        let rest = values.count ..< min(count, values.count + block)
        let starts = Array(stride(from: rest.lowerBound, to: rest.upperBound, by: chunk))
        let pieces = Mutex([[Value]](repeating: [], count: starts.count))
        DispatchQueue.concurrentPerform(iterations: starts.count) { index in
            let piece = (starts[index] ..< min(rest.upperBound, starts[index] + chunk)).map(body)
            pieces.withLock { $0[index] = piece }
        }
        for piece in pieces.withLock({ $0 }) { values += piece }
        try progress(values.count, count)
    }
    return values
}

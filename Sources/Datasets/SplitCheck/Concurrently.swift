internal import Core
internal import Dispatch
internal import Glibc
internal import Synchronization

/// Runs `body(0) ... body(count - 1)` on all cores.
///
/// - Parameters:
///   - count: how often.
///   - progress: told how many are done of how many, on the caller's thread; it may throw to end the work.
///   - body: what is run; it is called from several threads at once.
/// - Returns: what `body` returned, in the order of the indices.
/// - Throws: what `progress` throws.
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

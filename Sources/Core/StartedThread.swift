internal import Glibc

/// Runs `body` on a thread of its own, for work that waits; ``Parallel`` is for work that computes.
///
/// The corresponding C functions are `pthread_create` and `pthread_detach`.
package func startThread(_ body: @escaping @Sendable () -> Void) {
    let work = unsafe Unmanaged.passRetained(ThreadWork(body)).toOpaque()
    var thread = pthread_t()
    let code = unsafe pthread_create(
        &thread, nil,
        { work in
            guard let work = unsafe work else { return nil }
            unsafe Unmanaged<ThreadWork>.fromOpaque(work).takeRetainedValue().body()
            return nil
        }, work)
    precondition(code == 0, "no thread: error \(code)")
    pthread_detach(thread)
}

/// The work of a thread, as an object that a pointer can name.
private final class ThreadWork: Sendable {
    let body: @Sendable () -> Void

    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
}

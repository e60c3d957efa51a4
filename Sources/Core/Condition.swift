internal import Glibc

/// A lock whose holder can wait until another thread has changed what the lock protects.
@safe package final class Condition: @unchecked Sendable {  // POSIX locks are for several threads
    private let mutex: UnsafeMutablePointer<pthread_mutex_t>
    private let changed: UnsafeMutablePointer<pthread_cond_t>

    /// Creates a lock that nobody holds, with `pthread_mutex_init` and `pthread_cond_init`.
    package init() {
        unsafe mutex = .allocate(capacity: 1)
        unsafe changed = .allocate(capacity: 1)
        // Without attributes neither can fail on Linux.
        _ = unsafe pthread_mutex_init(mutex, nil)
        _ = unsafe pthread_cond_init(changed, nil)
    }

    deinit {
        unsafe pthread_cond_destroy(changed)
        unsafe pthread_mutex_destroy(mutex)
        unsafe changed.deallocate()
        unsafe mutex.deallocate()
    }

    /// Runs `body` while the calling thread holds the lock.
    package func withLock<Value>(_ body: () -> Value) -> Value {
        _ = unsafe pthread_mutex_lock(mutex)
        defer { unsafe pthread_mutex_unlock(mutex) }
        return body()
    }

    /// Gives the lock up until ``broadcast()``, or earlier; the caller holds it, and checks what it waits for again.
    package func wait() { _ = unsafe pthread_cond_wait(changed, mutex) }

    /// Wakes all threads that wait.
    package func broadcast() { _ = unsafe pthread_cond_broadcast(changed) }
}

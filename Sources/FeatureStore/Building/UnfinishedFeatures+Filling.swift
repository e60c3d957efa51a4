public import Core
internal import Dispatch
internal import Synchronization

/// The bytes of consecutive complete rows, and the index of the first.
public typealias RowRun = (start: Int, bytes: [UInt8])

extension UnfinishedFeatures {
    /// Computes the rows of `count` batches on `threads` threads and writes each batch when it is finished.
    ///
    /// One thread processes a batch from start to end, and at most two batches per thread wait to be written. They are
    /// written in the order of completion, which does not affect the result.
    ///
    /// `make` computes the rows of a batch, of which some may be missing, on several threads at once; `progress`
    /// receives the number of finished batches on the caller's thread.
    ///
    /// - Throws: the error of the earliest batch that failed, or of `progress`, after batches in progress are written.
    public mutating func fill(
        _ count: Int, threads: Int, make: @escaping @Sendable (Int) throws(Fault) -> [RowRun],
        progress: (Int) throws(Fault) -> Void
    ) throws(Fault) {
        let work = BatchWork(count, threads: min(threads, count), make: make)
        var done = 0
        var failure: (index: Int, fault: Fault)?
        while let result = work.next() {
            do throws(Fault) {
                for run in try result.rows.get() { unsafe try put(run.bytes.span.bytes, at: run.start) }
                done += 1
                if failure == nil { try progress(done) }
            } catch {
                work.stop()
                if result.index < failure?.index ?? .max { failure = (result.index, error) }
            }
        }
        if let failure { throw failure.fault }
    }
}

/// The distribution of batches to threads, and the queue of their results for the writing thread.
private final class BatchWork: Sendable {
    typealias Finished = (index: Int, rows: Result<[RowRun], Fault>)

    private struct State {
        var threads: Int
        var next = 0
        var finished: [Finished] = []
    }

    private let count: Int
    private let make: @Sendable (Int) throws(Fault) -> [RowRun]
    private let state: Mutex<State>
    /// Counts finished batches and finished threads.
    private let events = DispatchSemaphore(value: 0)
    /// Counts the batches that may be started before a result is taken.
    private let capacity = DispatchSemaphore(value: 0)

    /// Starts the threads.
    init(_ count: Int, threads: Int, make: @escaping @Sendable (Int) throws(Fault) -> [RowRun]) {
        self.count = count
        self.make = make
        state = Mutex(State(threads: threads))
        for _ in 0 ..< threads {
            // Each thread may have one waiting result while it computes the next.
            capacity.signal()
            capacity.signal()
            DispatchQueue.global().async { [self] in run() }
        }
    }

    /// Ends every thread after its current batch.
    func stop() { state.withLock { $0.next = count } }

    private func run() {
        while true {
            capacity.wait()
            let index = state.withLock { state -> Int? in
                guard state.next < count else { return nil }
                defer { state.next += 1 }
                return state.next
            }
            guard let index else { break }
            let rows: Result<[RowRun], Fault>
            do throws(Fault) { rows = .success(try make(index)) } catch { rows = .failure(error) }
            state.withLock { $0.finished.append((index, rows)) }
            events.signal()
        }
        // Wakes the next waiting thread, which then ends too.
        capacity.signal()
        state.withLock { $0.threads -= 1 }
        events.signal()
    }

    /// Returns the next finished batch; nil when all threads have ended.
    func next() -> Finished? {
        while true {
            let (result, isOver) = state.withLock { state in
                let first = state.finished.isEmpty ? nil : state.finished.removeFirst()
                return (first, state.threads == 0)
            }
            if let result {
                capacity.signal()
                return result
            }
            if isOver { return nil }
            events.wait()
        }
    }
}

public import Core
internal import Dispatch
internal import Synchronization

/// A run of consecutive rows.
public struct RowRun: Sendable {
    /// The index of the first row.
    public let start: Int
    /// The bytes of complete rows.
    public let bytes: [UInt8]

    /// Creates a run.
    public init(start: Int, bytes: [UInt8]) {
        self.start = start
        self.bytes = bytes
    }
}

extension UnfinishedFeatures {
    /// Computes the rows of `count` batches on `threads` threads and writes each batch when it is finished.
    ///
    /// One thread processes a batch from start to end, so that decoding and encoding of different batches overlap and
    /// no thread waits for a slower stage. The number of finished but unwritten batches is bounded by the number of
    /// threads. Batches are written in the order of completion, which does not affect the result.
    ///
    /// `make` computes the rows of a batch, of which some may be missing, on several threads at once; `progress`
    /// receives the number of finished batches on the caller's thread.
    ///
    /// - Throws: the error of the earliest batch that failed, or of `progress`, after batches in progress are written.
    public mutating func fill(
        _ count: Int, threads: Int, make: @escaping @Sendable (Int) throws(Fault) -> [RowRun],
        progress: (Int) throws(Fault) -> Void
    ) throws(Fault) {
        let work = BatchWork(count, make: make)
        work.start(threads: min(threads, count))
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
    /// The result of a batch.
    struct Finished: Sendable {
        let index: Int
        let rows: Result<[RowRun], Fault>
    }

    private struct State {
        var next = 0
        var threads = 0
        var finished: [Finished] = []
    }

    private let count: Int
    private let make: @Sendable (Int) throws(Fault) -> [RowRun]
    private let state = Mutex(State())
    /// Counts finished batches and finished threads.
    private let events = DispatchSemaphore(value: 0)
    /// Counts the batches that may be started before a result is taken.
    private let capacity = DispatchSemaphore(value: 0)

    init(_ count: Int, make: @escaping @Sendable (Int) throws(Fault) -> [RowRun]) {
        self.count = count
        self.make = make
    }

    /// Starts the threads.
    func start(threads: Int) {
        state.withLock { $0.threads = threads }
        for _ in 0 ..< threads {
            // Each thread may have one waiting result while it computes the next.
            capacity.signal()
            capacity.signal()
        }
        for _ in 0 ..< threads { DispatchQueue.global().async { [self] in run() } }
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
            state.withLock { $0.finished.append(Finished(index: index, rows: rows)) }
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

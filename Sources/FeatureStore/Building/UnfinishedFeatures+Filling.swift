public import Core
internal import Dispatch
internal import Synchronization

/// Rows that lie one after the other.
public struct RowRun: Sendable {
    /// The first of them.
    public let start: Int
    /// Whole rows.
    public let bytes: [UInt8]

    public init(start: Int, bytes: [UInt8]) { (self.start, self.bytes) = (start, bytes) }
}

extension UnfinishedFeatures {
    /// Makes the rows of `count` batches on `threads` threads, and puts each batch as soon as it is made.
    ///
    /// A batch is made by one thread from start to end, so that decoding and encoding of different batches overlap without
    /// any of them waiting for a slower stage; the rows that are made and not yet put are bounded by the number
    /// of threads. Batches are put in the order in which they are done: a row's place does not depend on it.
    ///
    /// - Parameters:
    ///   - count: how many batches there are.
    ///   - threads: how many of them are made at once.
    ///   - make: the rows of a batch, which may lack some; called from several threads at once.
    ///   - progress: told how many batches are done, on the caller's thread; it may throw to end the work.
    /// - Throws: the fault of the earliest batch that failed, or what `progress` throws; batches in flight are put before.
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

/// Batches that threads take one after the other, and what they made of them on its way to the one thread that puts it.
private final class BatchWork: Sendable {
    struct Made: Sendable {
        let index: Int
        let rows: Result<[RowRun], Fault>
    }

    private struct State {
        var next = 0
        var threads = 0
        var made: [Made] = []
    }

    private let count: Int
    private let make: @Sendable (Int) throws(Fault) -> [RowRun]
    private let state = Mutex(State())
    /// Counts what there is to take: a made batch, or a thread that has ended.
    private let news = DispatchSemaphore(value: 0)
    /// Counts how many more batches may be made before one is taken.
    private let room = DispatchSemaphore(value: 0)

    init(_ count: Int, make: @escaping @Sendable (Int) throws(Fault) -> [RowRun]) {
        self.count = count
        self.make = make
    }

    func start(threads: Int) {
        state.withLock { $0.threads = threads }
        for _ in 0 ..< threads {
            // One batch waits for each thread at most, while it makes the next one.
            room.signal()
            room.signal()
        }
        for _ in 0 ..< threads { DispatchQueue.global().async { [self] in run() } }
    }

    /// Lets every thread end after the batch that it is at.
    func stop() { state.withLock { $0.next = count } }

    private func run() {
        while true {
            room.wait()
            let index = state.withLock { state -> Int? in
                guard state.next < count else { return nil }
                defer { state.next += 1 }
                return state.next
            }
            guard let index else { break }
            let rows: Result<[RowRun], Fault>
            do throws(Fault) { rows = .success(try make(index)) } catch { rows = .failure(error) }
            state.withLock { $0.made.append(Made(index: index, rows: rows)) }
            news.signal()
        }
        // The next thread that waits for room is to see that there is nothing left.
        room.signal()
        state.withLock { $0.threads -= 1 }
        news.signal()
    }

    /// The next batch that was made; nil once all threads have ended.
    func next() -> Made? {
        while true {
            let (made, isOver) = state.withLock { state in
                let first = state.made.isEmpty ? nil : state.made.removeFirst()
                return (first, state.threads == 0)
            }
            if let made {
                room.signal()
                return made
            }
            if isOver { return nil }
            news.wait()
        }
    }
}

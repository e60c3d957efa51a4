public import Artifacts
internal import Dispatch
internal import Kernels
internal import Synchronization

extension UnfinishedFeatures {
    /// Makes the rows of `batches` on all threads, and puts each batch as soon as it is made.
    ///
    /// A batch is made by one thread from start to end, so that reading, decoding and encoding of different batches overlap
    /// without any of them waiting for a slower stage; the rows that are made and not yet put are bounded by the number
    /// of threads. Batches are put in the order in which they are done: a row's place does not depend on it.
    ///
    /// - Parameters:
    ///   - batches: ranges of rows.
    ///   - make: the bytes of a batch's rows; called from several threads at once.
    ///   - progress: told how many batches are done of how many, on the caller's thread; it may throw to end the work.
    /// - Throws: the fault of the earliest batch that failed, or what `progress` throws; batches in flight are put before.
    public mutating func fill(
        _ batches: [Range<Int>], make: @escaping @Sendable (Range<Int>) throws(Fault) -> [UInt8],
        progress: (Int, Int) throws(Fault) -> Void
    ) throws(Fault) {
        let work = BatchWork(batches, make: make)
        work.start(threads: min(Parallel.threadCount, batches.count))
        var done = 0
        var failure: (index: Int, fault: Fault)?
        while let result = work.next() {
            do throws(Fault) {
                let bytes = try result.rows.get()
                unsafe try put(bytes.span.bytes, at: batches[result.index].lowerBound)
                done += 1
                if failure == nil { try progress(done, batches.count) }
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
        let rows: Result<[UInt8], Fault>
    }

    private struct State {
        var next = 0
        var threads = 0
        var made: [Made] = []
    }

    private let batches: [Range<Int>]
    private let make: @Sendable (Range<Int>) throws(Fault) -> [UInt8]
    private let state = Mutex(State())
    /// Counts what there is to take: a made batch, or a thread that has ended.
    private let news = DispatchSemaphore(value: 0)
    /// Counts how many more batches may be made before one is taken.
    private let room = DispatchSemaphore(value: 0)

    init(_ batches: [Range<Int>], make: @escaping @Sendable (Range<Int>) throws(Fault) -> [UInt8]) {
        self.batches = batches
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
    func stop() { state.withLock { $0.next = batches.count } }

    private func run() {
        while true {
            room.wait()
            let index = state.withLock { state -> Int? in
                guard state.next < batches.count else { return nil }
                defer { state.next += 1 }
                return state.next
            }
            guard let index else { break }
            let rows: Result<[UInt8], Fault>
            do throws(Fault) { rows = .success(try make(batches[index])) } catch { rows = .failure(error) }
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

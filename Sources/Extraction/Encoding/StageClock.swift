internal import Core
internal import Glibc
internal import Synchronization

/// The throughput of one pipeline stage.
public struct StageRate: Sendable, Encodable, Equatable {
    /// `read`, `decode`, `encode` or `write`.
    public let stage: String
    /// The number of processed images; of views for `encode`.
    public let count: Int
    /// Seconds spent in the stage, summed over its threads.
    public let seconds: Double
    /// Seconds of processor time.
    public let processorSeconds: Double
    /// The number of threads.
    public let threads: Int

    /// The number per second if the stage had its threads to itself.
    public var perSecond: Double { seconds > 0 ? Double(count) / seconds * Double(threads) : 0 }
}

/// Adds up the work and time of each stage over all threads.
final class StageClock: Sendable {
    enum Stage: String, CaseIterable { case read, decode, encode, write }

    private struct Tally {
        var count = 0
        var seconds = 0.0
        var processorSeconds = 0.0
        var threads = 1
    }

    private let tallies = Mutex<[Stage: Tally]>([:])
    private let span = Mutex((start: 0.0, seconds: 0.0))

    /// Seconds between ``start()`` and ``stop()``.
    var seconds: Double { span.withLock { $0.seconds } }

    func start() { span.withLock { $0.start = Self.now(CLOCK_MONOTONIC) } }

    func stop() { span.withLock { $0.seconds = Self.now(CLOCK_MONOTONIC) - $0.start } }

    func setThreads(_ threads: Int, of stage: Stage) {
        tallies.withLock { $0[stage, default: Tally()].threads = threads }
    }

    /// Runs `body`, which processes `count` pieces of the stage's work on this thread.
    func measure<Value>(_ stage: Stage, _ count: Int, _ body: () throws(Fault) -> Value) throws(Fault) -> Value {
        let start = Self.now(CLOCK_MONOTONIC)
        let processorStart = Self.now(CLOCK_THREAD_CPUTIME_ID)
        defer {
            let seconds = Self.now(CLOCK_MONOTONIC) - start
            let processorSeconds = Self.now(CLOCK_THREAD_CPUTIME_ID) - processorStart
            tallies.withLock { tallies in
                tallies[stage, default: Tally()].count += count
                tallies[stage, default: Tally()].seconds += seconds
                tallies[stage, default: Tally()].processorSeconds += processorSeconds
            }
        }
        return try body()
    }

    /// The rates of the stages so far, in the order of the work, without idle stages.
    var rates: [StageRate] {
        let tallies = tallies.withLock { $0 }
        return Stage.allCases.compactMap { stage in
            guard let tally = tallies[stage], tally.count > 0 else { return nil }
            return StageRate(
                stage: stage.rawValue, count: tally.count, seconds: tally.seconds,
                processorSeconds: tally.processorSeconds, threads: tally.threads)
        }
    }

    /// Seconds on a clock.
    ///
    /// The corresponding C function is `clock_gettime`.
    private static func now(_ clock: clockid_t) -> Double {
        var time = timespec()
        unsafe clock_gettime(clock, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
    }
}

internal import Core
internal import Glibc
internal import Synchronization

/// The throughput of one pipeline stage.
public struct StageRate: Sendable, Encodable, Equatable {
    /// `read`, `decode`, `encode` or `write`.
    public let stage: String
    /// The number of processed images; of views for `encode`.
    public internal(set) var count = 0
    /// Seconds spent in the stage, summed over its threads.
    public internal(set) var seconds = 0.0
    /// Seconds of processor time.
    public internal(set) var processorSeconds = 0.0
    /// The number of threads.
    public internal(set) var threads = 1

    /// The number per second if the stage had its threads to itself.
    public var perSecond: Double { seconds > 0 ? Double(count) / seconds * Double(threads) : 0 }
}

/// Adds up the work and time of each stage over all threads.
final class StageClock: Sendable {
    enum Stage: String, CaseIterable { case read, decode, encode, write }

    private let tallies = Mutex(Stage.allCases.map { StageRate(stage: $0.rawValue) })
    private let span = Mutex((start: 0.0, seconds: 0.0))

    /// Seconds between ``start()`` and ``stop()``.
    var seconds: Double { span.withLock { $0.seconds } }

    /// The rates of the stages so far, in the order of the work, without idle stages.
    var rates: [StageRate] { tallies.withLock { $0.filter { $0.count > 0 } } }

    func start() { span.withLock { $0.start = Self.now(CLOCK_MONOTONIC) } }

    func stop() { span.withLock { $0.seconds = Self.now(CLOCK_MONOTONIC) - $0.start } }

    func setThreads(_ threads: Int, of stage: Stage) { change(stage) { $0.threads = threads } }

    /// Runs `body`, which processes `count` pieces of the stage's work on this thread.
    func measure<Value>(_ stage: Stage, _ count: Int, _ body: () throws(Fault) -> Value) throws(Fault) -> Value {
        let start = Self.now(CLOCK_MONOTONIC)
        let processorStart = Self.now(CLOCK_THREAD_CPUTIME_ID)
        defer {
            let seconds = Self.now(CLOCK_MONOTONIC) - start
            let processorSeconds = Self.now(CLOCK_THREAD_CPUTIME_ID) - processorStart
            change(stage) { tally in
                tally.count += count
                tally.seconds += seconds
                tally.processorSeconds += processorSeconds
            }
        }
        return try body()
    }

    private func change(_ stage: Stage, _ body: (inout StageRate) -> Void) {
        tallies.withLock { tallies in
            for index in tallies.indices where tallies[index].stage == stage.rawValue { body(&tallies[index]) }
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

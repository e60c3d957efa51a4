internal import Core
internal import Glibc
internal import Synchronization

/// How fast a stage of the work is.
public struct StageRate: Sendable, Encodable, Equatable {
    /// `read`, `decode`, `encode` or `write`.
    public let stage: String
    /// What it has done: images, of which `encode` counts each view.
    public let count: Int
    /// Seconds that its threads spent in it, summed over them.
    public let seconds: Double
    /// Seconds of a processor that it took.
    public let processorSeconds: Double
    /// Threads that it has.
    public let threads: Int

    /// How many it would do a second if it had its threads to itself.
    public var perSecond: Double { seconds > 0 ? Double(count) / seconds * Double(threads) : 0 }

    public init(stage: String, count: Int, seconds: Double, processorSeconds: Double, threads: Int) {
        (self.stage, self.count, self.seconds) = (stage, count, seconds)
        (self.processorSeconds, self.threads) = (processorSeconds, threads)
    }
}

/// Adds up what each stage does, on whichever threads.
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

    /// Runs `body`, which does `count` pieces of the stage's work on this thread.
    func measure<Value>(_ stage: Stage, _ count: Int, _ body: () throws(Fault) -> Value) throws(Fault) -> Value {
        let (start, processorStart) = (Self.now(CLOCK_MONOTONIC), Self.now(CLOCK_THREAD_CPUTIME_ID))
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

    /// What the stages have done so far, in the order of the work; those that have done nothing are left out.
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

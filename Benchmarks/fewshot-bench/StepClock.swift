import Synchronization

/// The end times of training steps.
final class StepClock: Sendable {
    private let clock: ContinuousClock
    private let ends = Mutex<[ContinuousClock.Instant]>([])

    init(_ clock: ContinuousClock) { self.clock = clock }

    func record(_ step: Int) { ends.withLock { $0.append(clock.now) } }

    /// Returns the mean seconds per step without the first two steps.
    func meanAfterTwo() -> Double {
        ends.withLock { ends in
            guard ends.count > 3 else { return .nan }
            let duration = ends[ends.count - 1] - ends[1]
            let seconds = Double(duration.components.seconds) + Double(duration.components.attoseconds) * 1e-18
            return seconds / Double(ends.count - 2)
        }
    }
}

import Synchronization

/// The end times of training steps.
final class StepClock: Sendable {
    private let ends = Mutex<[ContinuousClock.Instant]>([])

    func record() { ends.withLock { $0.append(.now) } }

    /// Returns the mean seconds per step without the first two steps.
    func meanAfterTwo() -> Double {
        ends.withLock { ends in
            guard ends.count > 3 else { return .nan }
            let seconds = (ends[ends.count - 1] - ends[1]) / .seconds(1)
            return seconds / Double(ends.count - 2)
        }
    }
}

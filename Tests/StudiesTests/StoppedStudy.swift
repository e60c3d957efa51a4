import Studies
import Synchronization

extension Study {
    /// The study, which stops when it has asked `calls` times whether to stop.
    func stopped(after calls: Int) -> Study {
        let countdown = Countdown(calls)
        var study = self
        study.events.shouldStop = { countdown.isOver() }
        return study
    }
}

/// A condition that becomes true after some calls.
private final class Countdown: Sendable {
    private let left: Mutex<Int>

    init(_ count: Int) { left = Mutex(count) }

    func isOver() -> Bool {
        left.withLock { left in
            left -= 1
            return left < 0
        }
    }
}

/// The notes of a study.
final class Notes: Sendable {
    private let lines = Mutex<[String]>([])

    func add(_ line: String) { lines.withLock { $0.append(line) } }
    var all: [String] { lines.withLock { $0 } }
}

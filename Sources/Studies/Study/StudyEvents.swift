public import Core

/// The callbacks of a running study.
public struct StudyEvents: Sendable {
    /// Called with a sentence for the user.
    public var note: @Sendable (String) -> Void = { _ in }
    /// Called after a training step with the run's name, the steps done, and the steps in total.
    public var progress: @Sendable (_ run: String, _ done: Int, _ total: Int) -> Void = { _, _, _ in }
    /// Called when a run has finished.
    public var finished: @Sendable (ResultLine, _ reused: Bool) -> Void = { _, _ in }
    /// Called when a run has failed; the others continue.
    public var failed: @Sendable (_ run: String, Fault) -> Void = { _, _ in }
    /// Called between steps; the study stops when it returns true.
    public var shouldStop: @Sendable () -> Bool = { false }

    /// Creates callbacks that do nothing.
    public init() {}
}

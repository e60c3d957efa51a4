public import Core

/// The callbacks of a running build.
public struct BuildEvents {
    /// Called with a sentence for the user.
    public var note: (String) -> Void = { _ in }
    /// Called after each batch; an error that it throws ends the work after the batches in flight.
    public var progress: (BuildProgress) throws(Fault) -> Void = { _ throws(Fault) in }

    /// Creates callbacks that do nothing.
    public init() {}
}

/// The progress of a build.
public struct BuildProgress: Sendable {
    /// `prompts`, `images` or `merge`.
    public let what: String
    public let done: Int
    public let total: Int
    /// The throughput of each stage by itself, on its threads.
    public let stages: [StageRate]
}

/// The resources that a scheduler is asked for.
public struct TaskRequest: Sendable, Equatable {
    /// Bytes of memory per task; nil leaves that to the scheduler.
    public var memory: Int?
    /// The time limit of a task in minutes; nil leaves that to the scheduler.
    public var minutes: Int?
    /// The time limit of the job after the array in minutes; nil leaves that to the scheduler.
    public var minutesBehind: Int?

    /// A request for given limits, the same time for both jobs.
    public init(memory: Int? = nil, minutes: Int? = nil) {
        self.memory = memory
        self.minutes = minutes
        minutesBehind = minutes
    }

    /// A request for tasks of a measured cost; given limits replace the measured ones.
    public init(_ cost: TaskCost, memory: Int?, minutes: Int?) {
        self.memory = memory ?? cost.memory / 4 * 5
        let seconds = 1.5 * cost.workSeconds + cost.startSeconds
        let enough = minutes ?? Int(max(5, min(seconds / 60, 1_000_000)).rounded(.up))
        self.minutes = enough
        // The merge encodes the prompts, which may be many even if the tasks are small.
        minutesBehind = minutes ?? max(60, enough)
    }

    /// The part of the memory that a worker may plan with, in bytes; the rest is for what it does not count.
    public var workerMemory: Int? { memory.map { max(1 << 20, $0 / 5 * 4) } }
}

/// The measured cost of the largest task of an array job.
public struct TaskCost: Sendable, Equatable {
    /// Seconds before the work starts.
    public let startSeconds: Double
    /// Seconds of work.
    public let workSeconds: Double
    /// Bytes of memory that the worker counts.
    public let memory: Int

    /// Creates the cost of a task.
    public init(startSeconds: Double, workSeconds: Double, memory: Int) {
        self.startSeconds = startSeconds
        self.workSeconds = workSeconds
        self.memory = memory
    }
}

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

    /// A request for tasks whose largest has this measured cost; the limits `memory` and `minutes` replace it.
    public init(startSeconds: Double, workSeconds: Double, workerMemory: Int, memory: Int?, minutes: Int?) {
        self.memory = memory ?? workerMemory / 4 * 5
        let seconds = 1.5 * workSeconds + startSeconds
        let enough = minutes ?? Int(max(5, min(seconds / 60, 1_000_000)).rounded(.up))
        self.minutes = enough
        // The merge encodes the prompts, which may be many even if the tasks are small.
        minutesBehind = minutes ?? max(60, enough)
    }

    /// The part of the memory that a worker may plan with, in bytes; the rest is for what it does not count.
    public var workerMemory: Int? { memory.map { max(1 << 20, $0 / 5 * 4) } }
}

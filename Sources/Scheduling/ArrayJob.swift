/// A scheduler's array job, whose tasks read their index from a variable, and a final job after all tasks.
public struct ArrayJob: Sendable {
    /// The name in the queue.
    public var name: String
    /// The command of every task, which determines its index as ``ArrayTask`` does.
    public var task: [String]
    /// The indices of the tasks to run; empty if only the final job is left.
    public var tasks: IndexExpression
    /// The command of the final job, which checks the results of the tasks.
    public var behind: [String]
    /// The folder of scripts and logs.
    public var folder: String
    /// The maximum number of concurrent tasks; nil for the scheduler's default.
    public var atOnce: Int?
    /// The number of cores per task.
    public var cpus = 2
    /// The memory per task in bytes; nil for the scheduler's default.
    public var memory: Int?
    /// The time limit of a task in minutes; nil for the scheduler's default.
    public var minutes: Int?
    /// The time limit of the final job in minutes; nil for the scheduler's default.
    public var minutesBehind: Int?
    /// Additional options of the scheduler for both jobs.
    public var options: [String] = []

    /// Creates an array job without limits, with the final command `behind`.
    public init(name: String, task: [String], tasks: IndexExpression, behind: [String], folder: String) {
        self.name = name
        self.task = task
        self.tasks = tasks
        self.behind = behind
        self.folder = folder
    }

    /// Returns the number of shards per task, at least `shards`, for `count` shards and at most `maximum` tasks.
    public static func shardsPerTask(of count: Int, maximum: Int, atLeast shards: Int = 1) -> Int {
        precondition(count >= 0 && maximum > 0 && shards > 0)
        return max(shards, count / maximum + (count % maximum == 0 ? 0 : 1))
    }

    /// Returns the tasks that process at least one of the given shards.
    public static func tasks(with shards: some Sequence<Int>, perTask shardsPerTask: Int) -> IndexExpression {
        precondition(shardsPerTask > 0)
        return IndexExpression(shards.map { $0 / shardsPerTask })
    }
}

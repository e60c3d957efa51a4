internal import Core
internal import FoundationEssentials

/// An array job whose tasks find their number in an environment variable, and a job that follows all of them.
public struct ArrayJob: Sendable {
    /// The name in the queue.
    public var name: String
    /// The command of every task; it finds its number as ``ArrayTask`` does.
    public var task: [String]
    /// The tasks to run; none if only the job after the array is left.
    public var tasks: IndexExpression
    /// The command of the job after the array, which judges from files whether the tasks did their work.
    public var behind: [String]
    /// The folder for scripts and logs.
    public var folder: String
    /// The number of tasks that may run at a time; nil leaves that to the scheduler.
    public var atOnce: Int?
    /// Cores per task.
    public var cpus = ArrayJob.defaultCores
    /// Memory and time of both jobs.
    public var request = TaskRequest()
    /// Further options of the scheduler, for both jobs.
    public var options: [String] = []

    /// The number of cores per task by default.
    public static let defaultCores = 2
    /// The number of tasks that share the runs of a study by default.
    public static let defaultTaskCount = 8

    /// A job without limits, named after the folder `output`, with scripts and logs in its folder `jobs`.
    public init(output: String, task: [String], tasks: IndexExpression, behind: [String]) {
        name = "fewshot-\(URL(fileURLWithPath: output).lastPathComponent)"
        self.task = task
        self.tasks = tasks
        self.behind = behind
        folder = output.appending(path: "jobs")
    }

    /// The number of shards per task, at least `shards`, if `count` shards share an array of at most `maximum` tasks.
    public static func shardsPerTask(of count: Int, maximum: Int, atLeast shards: Int = 1) -> Int {
        precondition(count >= 0 && maximum > 0 && shards > 0)
        return max(shards, count / maximum + (count % maximum == 0 ? 0 : 1))
    }

    /// Returns the tasks that process at least one of the given shards.
    public static func tasks(with shards: some Sequence<Int>, perTask shardsPerTask: Int) -> IndexExpression {
        precondition(shardsPerTask > 0)
        return IndexExpression(shards.map { $0 / shardsPerTask })
    }

    /// The work of the largest task, from the work of each shard; 0 without shards.
    public static func largestTask(of work: [Int], perTask shardsPerTask: Int) -> Int {
        precondition(shardsPerTask > 0)
        let starts = stride(from: 0, to: work.count, by: shardsPerTask)
        return starts.map { work[$0...].prefix(shardsPerTask).reduce(0, +) }.max() ?? 0
    }
}

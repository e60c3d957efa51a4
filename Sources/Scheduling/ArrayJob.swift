/// Work cut into tasks that find their number in a variable, and the job that comes behind all of them.
public struct ArrayJob: Sendable {
    /// What the queue shows.
    public var name: String
    /// The command of every task; it finds its number by itself, as ``ArrayTask`` does.
    public var task: [String]
    /// The tasks to run; none where only the job behind is left to do.
    public var tasks: IndexExpression
    /// The command of the job behind, which judges from files whether the tasks did their work.
    public var behind: [String]
    /// Where scripts and logs go.
    public var folder: String
    /// How many tasks may run at a time; nil leaves that to the scheduler.
    public var atOnce: Int?
    /// Cores of a task.
    public var cpus = 2
    /// Bytes of memory of a task; nil leaves that to the scheduler.
    public var memory: Int?
    /// Minutes that a task may take; nil leaves that to the scheduler.
    public var minutes: Int?
    /// Minutes that the job behind may take; nil leaves that to the scheduler.
    public var minutesBehind: Int?
    /// Further options of the scheduler's own, for both jobs.
    public var options: [String] = []

    /// A job without limits whose tasks run `task`, with `behind` after them.
    public init(name: String, task: [String], tasks: IndexExpression, behind: [String], folder: String) {
        (self.name, self.task, self.tasks) = (name, task, tasks)
        (self.behind, self.folder) = (behind, folder)
    }

    /// How many of `count` shards a task takes where an array may have `maximum` tasks: at least `shards`.
    public static func shardsPerTask(of count: Int, maximum: Int, atLeast shards: Int = 1) -> Int {
        precondition(count >= 0 && maximum > 0 && shards > 0)
        return max(shards, count / maximum + (count % maximum == 0 ? 0 : 1))
    }

    /// The tasks that have at least one of these shards.
    public static func tasks(with shards: some Sequence<Int>, perTask shardsPerTask: Int) -> IndexExpression {
        precondition(shardsPerTask > 0)
        return IndexExpression(shards.map { $0 / shardsPerTask })
    }
}

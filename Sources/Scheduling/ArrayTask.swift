public import Core

/// Which task of a scheduler's array job a process is.
public struct ArrayTask: Sendable, Equatable {
    /// Counted from 0.
    public let index: Int
    /// The variable that said so.
    public let variable: String

    /// A scheduler's variable, and the number of its first task.
    private static let variables: [(name: String, first: Int)] = [
        ("SLURM_ARRAY_TASK_ID", 0), ("AWS_BATCH_JOB_ARRAY_INDEX", 0), ("JOB_COMPLETION_INDEX", 0),
        ("PBS_ARRAY_INDEX", 0), ("PBS_ARRAYID", 0), ("SGE_TASK_ID", 1), ("LSB_JOBINDEX", 1),
    ]

    /// Finds the task in the variables of Slurm, AWS Batch, Kubernetes' indexed jobs, PBS, SGE and LSF; nil outside of an array job.
    ///
    /// SGE says `undefined` and LSF 0 in jobs that are no arrays. Both count tasks from 1.
    ///
    /// - Throws: `configuration` for a variable that holds no such number, or where two schedulers contradict each other.
    public init?(environment: [String: String]) throws(Fault) {
        var found: ArrayTask?
        for (name, first) in Self.variables {
            guard let text = environment[name], !text.isEmpty else { continue }
            if name == "SGE_TASK_ID", text == "undefined" { continue }
            if name == "LSB_JOBINDEX", text == "0" { continue }
            guard let number = Int(text), number >= first else {
                throw .configuration(
                    name, found: "'\(text)'", expected: "a whole number from \(first)",
                    remedy: "name the task or its shards")
            }
            let task = ArrayTask(index: number - first, variable: name)
            if let found, found.index != task.index {
                throw .configuration(
                    name, found: "task \(task.index)", expected: "task \(found.index) as \(found.variable) says",
                    remedy: "name the task or its shards")
            }
            found = found ?? task
        }
        guard let found else { return nil }
        self = found
    }

    private init(index: Int, variable: String) { (self.index, self.variable) = (index, variable) }

    /// The shards of this task where each task has `shardsPerTask` of the `count` there are; empty beyond the last.
    public func shards(of count: Int, perTask shardsPerTask: Int) -> Range<Int> {
        precondition(count >= 0 && shardsPerTask > 0)
        let (start, isTooFar) = index.multipliedReportingOverflow(by: shardsPerTask)
        guard !isTooFar, start < count else { return count ..< count }
        return start ..< min(count, start + min(shardsPerTask, count))
    }
}

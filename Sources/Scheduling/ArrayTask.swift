public import Core

/// The position of the current process in a scheduler's array job.
public struct ArrayTask: Sendable, Equatable {
    /// The index of the task, counted from 0.
    public let index: Int
    /// The environment variable with the index.
    public let variable: String

    /// The variables of the schedulers, and the number of their first task.
    private static let variables: [(name: String, first: Int)] = [
        ("SLURM_ARRAY_TASK_ID", 0), ("AWS_BATCH_JOB_ARRAY_INDEX", 0), ("JOB_COMPLETION_INDEX", 0),
        ("PBS_ARRAY_INDEX", 0), ("PBS_ARRAYID", 0), ("SGE_TASK_ID", 1), ("LSB_JOBINDEX", 1),
    ]

    /// Reads the variables of Slurm, AWS Batch, Kubernetes indexed jobs, PBS, SGE, and LSF; nil outside of an array.
    ///
    /// Outside of arrays, SGE sets `undefined` and LSF 0. Both count tasks from 1.
    ///
    /// - Throws: `configuration` for an invalid number, or if two variables contradict each other.
    public init?(environment: [String: String]) throws(Fault) {
        var found: (index: Int, variable: String)?
        for (name, first) in Self.variables {
            guard let text = environment[name], !text.isEmpty else { continue }
            if name == "SGE_TASK_ID", text == "undefined" { continue }
            if name == "LSB_JOBINDEX", text == "0" { continue }
            guard let number = Int(text), number >= first else {
                throw .configuration(
                    name, found: "'\(text)'", expected: "a whole number from \(first)",
                    remedy: "name the task or its shards")
            }
            let index = number - first
            if let found, found.index != index {
                throw .configuration(
                    name, found: "task \(index)", expected: "task \(found.index) as \(found.variable) says",
                    remedy: "name the task or its shards")
            }
            found = found ?? (index, name)
        }
        guard let found else { return nil }
        index = found.index
        variable = found.variable
    }

    /// Returns the range of shards of this task, with `shardsPerTask` of `count` shards per task; may be empty.
    public func shards(of count: Int, perTask shardsPerTask: Int) -> Range<Int> {
        precondition(count >= 0 && shardsPerTask > 0)
        let (start, isTooFar) = index.multipliedReportingOverflow(by: shardsPerTask)
        guard !isTooFar, start < count else { return count ..< count }
        return start ..< min(count, start + min(shardsPerTask, count))
    }
}

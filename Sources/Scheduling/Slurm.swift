public import Core

/// An interface to Slurm through its command-line programs.
public struct Slurm: Sendable {
    /// The numbers of submitted jobs.
    public struct Submission: Sendable, Equatable, Encodable {
        /// The number of the array job; nil if no task was left.
        public let array: String?
        /// The number of the final job.
        public let merge: String
        /// The indices of the tasks, such as `0-3,7`.
        public let tasks: String
    }

    private let environment: [String: String]

    /// Creates an interface that searches Slurm's programs on the PATH of `environment` and runs them with it.
    public init(environment: [String: String]) { self.environment = environment }

    /// Reads the maximum number of tasks per array from the cluster's configuration.
    ///
    /// - Throws: `unavailable` if `scontrol` is missing or fails, or arrays are not allowed.
    public func maximumArraySize() throws(Fault) -> Int {
        let answer = try run(["scontrol", "show", "config"])
        let line = answer.split(separator: "\n").first { $0.hasPrefix("MaxArraySize") }
        let value = line?.split(separator: "=").last?.trimmingPrefix(" ").prefix { $0.isNumber } ?? ""
        guard let size = Int(value), size > 0 else {
            throw Fault(
                .unavailable, "scontrol", found: line.map { "'\($0)'" } ?? "no MaxArraySize in 'scontrol show config'",
                expected: "a cluster that allows array jobs", remedy: "ask its administrators")
        }
        return size
    }

    /// The largest array where the cluster's configuration cannot be read: Slurm's own default.
    public static let usualArraySize = 1001

    /// Checks that an array may have `tasks` tasks.
    ///
    /// - Throws: `configuration` if it may not, `unavailable` as ``maximumArraySize()``.
    public func requireArray(of tasks: Int) throws(Fault) {
        let maximum = try maximumArraySize()
        guard tasks <= maximum else {
            throw .configuration(
                option: "tasks", found: "\(tasks)", expected: "at most \(maximum), as this cluster's arrays have",
                remedy: "choose fewer")
        }
    }

    /// Writes the scripts and submits the array, and the job behind it to start when all tasks have ended.
    ///
    /// If the final job cannot be submitted, the array job is cancelled, so that the call can be repeated.
    ///
    /// - Throws: `unavailable` if sbatch is missing or rejects a job.
    public func submit(_ job: ArrayJob) throws(Fault) -> Submission {
        guard !job.folder.contains("\\") else {
            throw .configuration(
                job.folder, found: "a backslash in the name", expected: "a name that Slurm allows for logs",
                remedy: "choose another output")
        }
        for step in Self.steps(of: job) { try PublishedFile.publish(step.script, to: step.path) }
        guard !job.tasks.indices.isEmpty else {
            return Submission(array: nil, merge: try submit(Self.steps(of: job)[0]), tasks: "")
        }
        let array = try submit(Self.steps(of: job)[0])
        do throws(Fault) {
            let merge = try submit(Self.steps(of: job, array: array)[1])
            return Submission(array: array, merge: merge, tasks: job.tasks.description)
        } catch {
            _ = try? run(["scancel", array])
            throw error
        }
    }

    /// Submits a script and returns the job's number, which `--parsable` prints before an optional cluster name.
    private func submit(_ step: Step) throws(Fault) -> String {
        let answer = try run(step.command)
        let number = answer.split(separator: "\n").last?.prefix { $0.isNumber } ?? ""
        guard !number.isEmpty else {
            throw Fault(
                .unavailable, "sbatch", found: answer.isEmpty ? "no answer" : "'\(answer)'",
                expected: "a job number", remedy: "check with 'squeue' whether the job was submitted")
        }
        return String(number)
    }

    private func run(_ words: [String]) throws(Fault) -> String {
        guard let program = findProgram(words[0], environment: environment) else {
            throw Fault(
                .unavailable, words[0], found: "no such program on the PATH", expected: "Slurm's programs",
                remedy: "run this on a machine that submits jobs, or choose another \(option: "engine")")
        }
        let done = try ProgramRun([program] + words.dropFirst(), environment: environment)
        guard done.status == 0 else {
            let message = done.messages.split(separator: "\n").joined(separator: " ")
            throw Fault(
                .unavailable, words[0],
                found: message.isEmpty ? "exit status \(done.status)" : "the error '\(message)'",
                expected: "an accepted job", remedy: "correct the options")
        }
        return done.output
    }
}

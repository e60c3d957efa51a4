public import Core

/// Slurm, spoken to by its own programs.
public struct Slurm: Sendable {
    /// What was submitted.
    public struct Submission: Sendable, Equatable, Encodable {
        /// The array's number; nil where no task was left.
        public let array: String?
        /// The number of the job behind.
        public let merge: String
        /// The tasks, as `0-3,7`.
        public let tasks: String

        package init(array: String?, merge: String, tasks: String) {
            (self.array, self.merge, self.tasks) = (array, merge, tasks)
        }
    }

    private let environment: [String: String]

    /// Looks for Slurm's programs on the PATH of `environment`, which they are given.
    public init(environment: [String: String]) { self.environment = environment }

    /// How many tasks an array may have, which the cluster's configuration says.
    ///
    /// - Throws: `unavailable` where `scontrol` is missing, does not answer, or allows no arrays.
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
    /// Where the second cannot be submitted the first is cancelled, so that the same call can be made again.
    ///
    /// - Throws: `unavailable` where sbatch is missing or refuses, with its own words.
    public func submit(_ job: ArrayJob) throws(Fault) -> Submission {
        guard !job.folder.contains("\\") else {
            throw .configuration(
                job.folder, found: "a backslash in the name", expected: "a name that Slurm takes for logs",
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

    /// Submits one script and gives back the job's number, behind which `--parsable` may print a cluster's name.
    private func submit(_ step: Step) throws(Fault) -> String {
        let answer = try run(step.command)
        let number = answer.split(separator: "\n").last?.prefix { $0.isNumber } ?? ""
        guard !number.isEmpty else {
            throw Fault(
                .unavailable, "sbatch", found: answer.isEmpty ? "no answer" : "'\(answer)'",
                expected: "the number of a job", remedy: "see whether 'squeue' lists it")
        }
        return String(number)
    }

    /// What one of Slurm's programs says on stdout.
    private func run(_ words: [String]) throws(Fault) -> String {
        guard let place = findProgram(words[0], environment: environment) else {
            throw Fault(
                .unavailable, words[0], found: "no such program on the PATH", expected: "Slurm's programs",
                remedy: "run this on a machine that submits jobs, or choose another \(option: "engine")")
        }
        let done = try ProgramRun([place] + words.dropFirst(), environment: environment)
        guard done.status == 0 else {
            let said = done.messages.split(separator: "\n").joined(separator: " ")
            throw Fault(
                .unavailable, words[0], found: said.isEmpty ? "exit status \(done.status)" : "the refusal '\(said)'",
                expected: "an accepted job", remedy: "correct the options that it names")
        }
        return done.output
    }
}

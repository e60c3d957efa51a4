internal import Core

extension Slurm {
    /// One call of sbatch: the script, where it lies, and the command that submits it.
    public struct Step: Sendable, Equatable {
        public let path: String
        public let script: String
        public let command: [String]

        /// The command as a shell takes it.
        public var line: String { command.map(shellWord).joined(separator: " ") }
    }

    /// The array and the job behind it; `array` is the first one's number once it is known.
    ///
    /// Where no task is left there is the job behind only.
    public static func steps(of job: ArrayJob, array: String = "ARRAY") -> [Step] {
        let behind = Step(
            path: "\(job.folder)/merge.sh", script: behindScript(job), command: behindCommand(job, array: array))
        guard !job.tasks.indices.isEmpty else { return [behind] }
        let tasks = Step(path: "\(job.folder)/array.sh", script: taskScript(job), command: arrayCommand(job))
        return [tasks, behind]
    }

    private static func arrayCommand(_ job: ArrayJob) -> [String] {
        let limit = job.atOnce.map { "%\($0)" } ?? ""
        let own = ["--array=\(arrayExpression(job.tasks))\(limit)", "--requeue", "--open-mode=append"]
        return sbatch(job, name: job.name, log: "array-%A_%a.log", job.minutes, own) + ["\(job.folder)/array.sh"]
    }

    private static func behindCommand(_ job: ArrayJob, array: String) -> [String] {
        // Whatever became of the tasks: what they left behind in files decides.
        let own = job.tasks.indices.isEmpty ? [] : ["--dependency=afterany:\(array)"]
        let name = "\(job.name)-merge"
        return sbatch(job, name: name, log: "merge-%j.log", job.minutesBehind, own) + ["\(job.folder)/merge.sh"]
    }

    private static func sbatch(
        _ job: ArrayJob, name: String, log: String, _ minutes: Int?, _ own: [String]
    ) -> [String] {
        // Slurm replaces what follows a percent sign in names of logs.
        let folder = job.folder.replacing("%", with: "%%")
        var words = ["sbatch", "--parsable", "--job-name=\(name)", "--output=\(folder)/\(log)"] + own
        words += ["--nodes=1", "--ntasks=1", "--cpus-per-task=\(job.cpus)"]
        if let memory = job.memory { words.append("--mem=\(memory / (1 << 20) + (memory % (1 << 20) == 0 ? 0 : 1))M") }
        if let minutes { words.append("--time=\(minutes)") }
        // To the script alone, a minute before the time limit.
        return words + ["--signal=B:TERM@60"] + job.options
    }

    /// The tasks for `--array`; where that is more than an argument may hold, all from the first to the last.
    ///
    /// A task whose shards are all there ends at once.
    private static func arrayExpression(_ tasks: IndexExpression) -> String {
        let text = tasks.description
        guard text.utf8.count > 100_000, let first = tasks.indices.first, let last = tasks.indices.last else {
            return text
        }
        return "\(first)-\(last)"
    }

    /// A task that hands a request to stop on to the worker, and goes into the queue again where that asks for it.
    private static func taskScript(_ job: ArrayJob) -> String {
        """
        #!/bin/sh
        # One task of the array: it finds its number in SLURM_ARRAY_TASK_ID.
        # Slurm asks a minute before the time limit; the worker then keeps what it has and ends with 75.
        worker= asked= interrupted=
        trap 'asked=yes interrupted=yes; [ -z "$worker" ] || kill -TERM "$worker" 2>/dev/null' TERM INT
        \(job.task.map(shellWord).joined(separator: " ")) &
        worker=$!
        [ -z "$asked" ] || kill -TERM "$worker"
        status=
        # A signal ends the waiting, not the worker: only another wait tells the worker's status, 127 that it is known.
        while [ -z "$status" ] || [ -n "$interrupted" ]; do
            interrupted=
            wait "$worker"
            again=$?
            [ -n "$status" ] && [ "$again" -eq 127 ] || status=$again
        done
        if { [ "$status" -eq 75 ] || [ "$status" -eq 143 ]; } && [ "${SLURM_RESTART_COUNT:-0}" -lt \(restarts) ]; then
            scontrol requeue "${SLURM_ARRAY_JOB_ID}_$SLURM_ARRAY_TASK_ID"
        fi
        exit "$status"

        """
    }

    /// The job behind: it ends with 75 and says what to submit again where something is missing.
    private static func behindScript(_ job: ArrayJob) -> String {
        """
        #!/bin/sh
        # Behind the array, whatever became of its tasks.
        exec \(job.behind.map(shellWord).joined(separator: " "))

        """
    }

    /// How often a task that ends with 75 goes into the queue again.
    private static let restarts = 3
}

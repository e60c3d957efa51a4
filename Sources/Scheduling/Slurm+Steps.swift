internal import Core

extension Slurm {
    /// One call of sbatch.
    public struct Step: Sendable, Equatable {
        /// The path and the text of the script.
        public let path, script: String
        /// The command that submits the script.
        public let command: [String]

        /// The command in shell syntax.
        public var line: String { command.map(shellWord).joined(separator: " ") }
    }

    /// Returns the steps of the array job numbered `array`, if a task is left, and of the final job.
    public static func steps(of job: ArrayJob, array: String = "ARRAY") -> [Step] {
        let behind = Step(path: mergePath(job), script: behindScript(job), command: behindCommand(job, array: array))
        guard !job.tasks.indices.isEmpty else { return [behind] }
        return [Step(path: arrayPath(job), script: taskScript(job), command: arrayCommand(job)), behind]
    }

    /// The scripts and commands of `job`, for a reader.
    public static func listing(of job: ArrayJob) -> String {
        steps(of: job).map { "\($0.path):\n\($0.script)\n\($0.line)\n\n" }.joined()
    }

    private static func arrayPath(_ job: ArrayJob) -> String { job.folder.appending(path: "array.sh") }

    private static func mergePath(_ job: ArrayJob) -> String { job.folder.appending(path: "merge.sh") }

    private static func arrayCommand(_ job: ArrayJob) -> [String] {
        let limit = job.atOnce.map { "%\($0)" } ?? ""
        let own = ["--array=\(arrayExpression(job.tasks))\(limit)", "--requeue", "--open-mode=append"]
        let command = sbatch(job, name: job.name, log: "array-%A_%a.log", job.request.minutes, own)
        return command + [arrayPath(job)]
    }

    private static func behindCommand(_ job: ArrayJob, array: String) -> [String] {
        // Runs regardless of the status of the tasks; the final job checks their files.
        let own = job.tasks.indices.isEmpty ? [] : ["--dependency=afterany:\(array)"]
        let name = "\(job.name)-merge"
        return sbatch(job, name: name, log: "merge-%j.log", job.request.minutesBehind, own) + [mergePath(job)]
    }

    private static func sbatch(
        _ job: ArrayJob, name: String, log: String, _ minutes: Int?, _ own: [String]
    ) -> [String] {
        // Slurm replaces percent sequences in log names.
        let folder = job.folder.replacing("%", with: "%%")
        var words = ["sbatch", "--parsable", "--job-name=\(name)", "--output=\(folder.appending(path: log))"] + own
        words += ["--nodes=1", "--ntasks=1", "--cpus-per-task=\(job.cpus)"]
        if let memory = job.request.memory {
            words.append("--mem=\((memory >> 20) + (memory % (1 << 20) == 0 ? 0 : 1))M")
        }
        if let minutes { words.append("--time=\(minutes)") }
        // Sends the signal to the script only, a minute before the time limit.
        return words + ["--signal=B:TERM@60"] + job.options
    }

    /// Returns the indices for `--array`, or, for a long list, their full range, of which some tasks end at once.
    private static func arrayExpression(_ tasks: IndexExpression) -> String {
        let text = tasks.description
        guard text.utf8.count > 100_000, let first = tasks.indices.first, let last = tasks.indices.last else {
            return text
        }
        return "\(first)-\(last)"
    }

    /// Returns the script of a task, which forwards a request to stop to the worker and requeues the task if needed.
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

    /// Returns the script of the final job, which ends with 75 and reports missing results.
    private static func behindScript(_ job: ArrayJob) -> String {
        """
        #!/bin/sh
        # Behind the array, whatever became of its tasks.
        exec \(job.behind.map(shellWord).joined(separator: " "))

        """
    }

    /// The maximum number of times that a task is requeued after status 75.
    private static let restarts = 3
}

internal import ArgumentParser
internal import Command
internal import Core
internal import FoundationEssentials
internal import Scheduling
internal import Studies

/// Submits the unfinished runs of a study to a scheduler.
struct SubmitCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "submit",
        abstract: "Submit a study's unfinished runs to Slurm or Ray, and a job that gathers the results.",
        discussion: """
            Takes the options of 'run'. The unfinished runs are found in the run folders, so after a failure the same \
            command submits the rest. The study, scripts and logs are in the folder 'jobs' of the output. A task that \
            is stopped at its time limit saves a checkpoint and is queued again, at most three times.
            """)

    @OptionGroup var arguments: StudyArguments
    @Option(help: ArgumentHelp("Tasks that share the runs.", valueName: "n"))
    var tasks = ArrayJob.defaultTaskCount
    @OptionGroup var scheduler: SchedulerArguments
    @OptionGroup var result: OutputOptions

    private static let tool = "fewshot-train"

    func run() throws {
        let study = try arguments.study()
        let status = try study.status(tasks: tasks)
        let file = study.output.appending(path: "jobs/study.json")
        if !scheduler.dryRun { try StudyFile.write(study, to: file) }
        let replace = study.replaces ? ["--replace"] : []
        switch scheduler.engine {
        case .ray:
            let subject = [file, "--tasks", "\(tasks)", "--output", study.output]
            try scheduler.runRay(subject, tool: Self.tool, memory: scheduler.memory?.count, replace)
        case .slurm:
            let words = [SchedulerArguments.path(ofTool: Self.tool), "run", file, "-o", study.output] + replace
            let threads = ["--threads", "\(scheduler.cpus)"]
            var job = ArrayJob(
                output: study.output, task: words + ["--tasks", "\(tasks)"] + threads,
                tasks: IndexExpression(status.unfinishedTasks), behind: words + threads)
            job.request = scheduler.request
            try submit(job, status)
        }
    }

    private func submit(_ job: ArrayJob, _ status: StudyStatus) throws(Fault) {
        let slurm = Slurm(environment: ProcessInfo.processInfo.environment)
        if !scheduler.dryRun { try slurm.requireArray(of: tasks) }
        guard let submitted = try scheduler.submit(job, to: slurm) else { return }
        let array = submitted.array.map {
            """
            array job \($0): tasks \(job.tasks) for \(status.runs - status.done) of \(status.runs) runs, each \
            \(scheduler.cpus) cores

            """
        }
        let merge = "job \(submitted.merge) gathers the results; scripts and logs in \(job.folder)\n"
        result.print(submitted, page: (array ?? "") + merge)
    }
}

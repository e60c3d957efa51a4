internal import ArgumentParser
internal import Command
internal import Core
internal import Foundation
internal import Scheduling
internal import Studies

/// Hands the runs of a study that are not done to a scheduler.
struct SubmitCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "submit",
        abstract: "Submit a study's unfinished runs to Slurm or Ray, and the gathering of results behind them.",
        discussion: """
            Takes what 'run' takes. Which runs are left is read from the run folders, so after a failure the same command submits \
            the rest. The study itself, scripts and logs are in the folder 'jobs' of the output; a task that is stopped before \
            its time limit keeps a checkpoint and is queued again, three times at most.
            """)

    @OptionGroup var arguments: StudyArguments
    @Option(help: ArgumentHelp("Tasks that share the runs.", valueName: "n"))
    var tasks = 8
    @OptionGroup var scheduler: SchedulerArguments
    @OptionGroup var result: OutputOptions

    func run() throws {
        let study = try arguments.study()
        let status = try study.status(tasks: tasks)
        let file = "\(study.output)/jobs/study.json"
        if !scheduler.dryRun { try StudyFile.write(study, to: file) }
        let environment = ProcessInfo.processInfo.environment
        let tool = findProgram(CommandLine.arguments[0], environment: environment) ?? CommandLine.arguments[0]
        switch scheduler.engine {
        case .ray: try becomeRay(file, study, tool: tool, environment)
        case .slurm: try submit(job(file, study, status, tool: tool), status, to: Slurm(environment: environment))
        }
    }

    private func job(_ file: String, _ study: Study, _ status: StudyStatus, tool: String) -> ArrayJob {
        let words = [tool, "run", file, "-o", study.output] + (study.replaces ? ["--replace"] : [])
        let threads = ["--threads", "\(scheduler.cpus)"]
        var job = ArrayJob(
            name: "fewshot-\(URL(fileURLWithPath: study.output).lastPathComponent)",
            task: words + ["--tasks", "\(tasks)"] + threads, tasks: IndexExpression(status.unfinishedTasks),
            behind: words + threads, folder: "\(study.output)/jobs")
        (job.memory, job.minutes, job.minutesBehind) = (scheduler.memory?.count, scheduler.time, scheduler.time)
        (job.cpus, job.atOnce, job.options) = (scheduler.cpus, scheduler.atOnce, scheduler.options)
        return job
    }

    private func submit(_ job: ArrayJob, _ status: StudyStatus, to slurm: Slurm) throws(Fault) {
        if scheduler.dryRun {
            for step in Slurm.steps(of: job) { printResult("\(step.path):\n\(step.script)\n\(step.line)\n\n") }
            return
        }
        let maximum = try slurm.maximumArraySize()
        guard tasks <= maximum else {
            throw .configuration(
                "--tasks", found: "\(tasks)", expected: "at most \(maximum), as this cluster's arrays have",
                remedy: "choose fewer")
        }
        let submitted = try slurm.submit(job)
        var lines: [String] = []
        if let array = submitted.array {
            lines.append(
                "array job \(array): tasks \(job.tasks) for \(status.runs - status.done) of \(status.runs) runs, each "
                    + "\(job.cpus) cores")
        }
        lines.append("job \(submitted.merge) gathers the results; scripts and logs in \(job.folder)")
        result.print(submitted, page: lines.map { "\($0)\n" }.joined())
    }

    /// Hands this process over to the driver, which asks for the status by itself.
    private func becomeRay(
        _ file: String, _ study: Study, tool: String, _ environment: [String: String]
    ) throws(Fault) {
        let words =
            [file, "--tool", tool, "--tasks", "\(tasks)", "--output", study.output, "--cpus", "\(scheduler.cpus)"]
            + (study.replaces ? ["--replace"] : []) + (scheduler.memory.map { ["--memory", "\($0.count)"] } ?? [])
            + (scheduler.atOnce.map { ["--at-once", "\($0)"] } ?? [])
        try runRay(words, dryRun: scheduler.dryRun, environment: environment)
    }
}

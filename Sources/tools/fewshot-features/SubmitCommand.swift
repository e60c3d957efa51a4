internal import ArgumentParser
internal import Command
internal import Core
internal import Extraction
internal import Foundation
internal import Scheduling

/// Hands the shards that are not done to a scheduler.
struct SubmitCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "submit",
        abstract: "Submit a plan's unfinished shards to Slurm or Ray, and the merge behind them.",
        discussion: """
            Which shards are left is read from the files, so after a failure the same command submits the rest; where all parts are there, \
            only the merge. A task that is stopped before its time limit keeps what it has and is queued again, three times at most. \
            Scripts and logs are in the folder 'jobs' beside plan.json. Time and memory are measured on some images here, \
            unless both are given.
            """)

    @OptionGroup var plan: PlanArgument
    @OptionGroup var tasks: TaskArguments
    @OptionGroup var scheduler: SchedulerArguments
    @Flag(help: "Merge by an HDF5 virtual dataset, which leaves the rows in the parts.")
    var virtual = false
    @OptionGroup var result: OutputOptions

    func run() throws {
        let plan = try plan.read()
        let status = try withProgress("status", unit: "shards") { progress throws(Fault) in
            try plan.status(progress: progress)
        }
        guard !status.isMerged else {
            return result.print(
                SubmitReport(plan, []), page: "merged: the feature files are in place, nothing to submit\n")
        }
        for shard in status.unfinished where shard.state == .failed { printMessage("note: \(shard.detail)") }
        let environment = ProcessInfo.processInfo.environment
        switch scheduler.engine {
        case .ray: try becomeRay(plan, environment)
        case .slurm: try submit(plan, status, to: Slurm(environment: environment))
        }
    }

    private func submit(_ plan: ShardPlan, _ status: ShardStatus, to slurm: Slurm) throws(Fault) {
        let maximum = try arraySize(slurm)
        let perTask = ArrayJob.shardsPerTask(
            of: plan.shards.count, maximum: maximum, atLeast: tasks.shardsPerTask)
        let job = try job(plan, ArrayJob.tasks(with: status.resubmit, perTask: perTask), perTask: perTask)
        guard !scheduler.dryRun else { return printSteps(of: job) }
        let submitted = try slurm.submit(job)
        var report = SubmitReport(plan, status.resubmit)
        (report.shardsPerTask, report.submission) = (perTask, submitted)
        (report.minutes, report.memory) = (job.minutes, job.memory)
        result.print(report, page: page(report, job))
    }

    /// How many tasks an array may have; for a dry run where Slurm is not, as many as it allows unless told otherwise.
    private func arraySize(_ slurm: Slurm) throws(Fault) -> Int {
        do throws(Fault) { return try slurm.maximumArraySize() } catch {
            guard scheduler.dryRun else { throw error }
            printMessage("note: \(error.subject) did not tell how long an array may be; taken as 1001")
            return 1001
        }
    }

    private func job(_ plan: ShardPlan, _ tasks: IndexExpression, perTask: Int) throws(Fault) -> ArrayJob {
        let tool = findProgram(CommandLine.arguments[0], environment: ProcessInfo.processInfo.environment)
        let words = [tool ?? CommandLine.arguments[0]]
        let place = URL(fileURLWithPath: plan.folder).lastPathComponent
        var job = ArrayJob(
            name: "fewshot-\(place)", task: [], tasks: tasks, behind: words + ["merge", plan.path],
            folder: "\(plan.folder)/jobs")
        let request = try request(plan, perTask: perTask)
        (job.memory, job.minutes, job.minutesBehind) = (request.memory, request.minutes, request.minutesBehind)
        (job.cpus, job.atOnce, job.options) = (scheduler.cpus, scheduler.atOnce, scheduler.options)
        // A fifth is for what the worker does not count.
        let memory = (request.memory / 5 * 4) >> 20
        let limits = ["--threads", "\(job.cpus)", "--max-memory", "\(max(1, memory))M"]
        job.task = words + ["worker", plan.path, "--shards-per-task", "\(perTask)"] + limits
        job.behind += limits + (virtual ? ["--virtual"] : [])
        return job
    }

    /// What a task is given: what was said, else what is measured for the largest.
    private func request(_ plan: ShardPlan, perTask: Int) throws(Fault) -> TaskRequest {
        if let memory = scheduler.memory, let time = scheduler.time {
            return TaskRequest(memory: memory.count, minutes: time, minutesBehind: time)
        }
        var build = try plan.build()
        build.threads = scheduler.cpus
        let estimate = try plan.measure(build)
        let starts = stride(from: 0, to: plan.shards.count, by: perTask)
        let views = starts.map { plan.shards[$0...].prefix(perTask).reduce(0) { $0 + $1.views } }.max() ?? 0
        let seconds = 1.5 * (estimate.seconds(views: views) - estimate.startSeconds) + estimate.startSeconds
        let minutes = scheduler.time ?? Int(max(5, min(seconds / 60, 1_000_000)).rounded(.up))
        // The merge encodes the prompts, of which there may be many however small the tasks are.
        return TaskRequest(
            memory: scheduler.memory?.count ?? estimate.memory / 4 * 5, minutes: minutes,
            minutesBehind: scheduler.time ?? max(60, minutes))
    }

    private func printSteps(of job: ArrayJob) {
        for step in Slurm.steps(of: job) { printResult("\(step.path):\n\(step.script)\n\(step.line)\n\n") }
    }

    private func page(_ report: SubmitReport, _ job: ArrayJob) -> String {
        var lines: [String] = []
        let size = "\(job.cpus) cores, \((report.memory ?? 0) >> 20) MiB, \(report.minutes ?? 0) minutes"
        if let array = report.submission?.array {
            lines.append(
                "array job \(array): tasks \(job.tasks) for \(report.unfinished) of \(report.shards) shards, each \(size)"
            )
        }
        lines.append("merge job \(report.submission?.merge ?? ""); scripts and logs in \(job.folder)")
        lines.append("next: fewshot-features status \(shellWord(report.path))")
        return lines.map { "\($0)\n" }.joined()
    }

    /// Hands this process over to the driver, which asks for the status by itself.
    private func becomeRay(_ plan: ShardPlan, _ environment: [String: String]) throws(Fault) {
        let tool = findProgram(CommandLine.arguments[0], environment: environment) ?? CommandLine.arguments[0]
        // Several tasks share a node, so each has to know its share of the memory.
        let memory = if let given = scheduler.memory { given.count } else { try request(plan, perTask: 1).memory }
        let words =
            [plan.path, "--tool", tool, "--cpus", "\(scheduler.cpus)", "--memory", "\(memory)"]
            + (scheduler.atOnce.map { ["--at-once", "\($0)"] } ?? []) + (virtual ? ["--virtual"] : [])
        try runRay(words, dryRun: scheduler.dryRun, environment: environment)
    }
}

/// What the scheduler is asked for, for each task and for the merge.
private struct TaskRequest {
    /// Bytes.
    let memory: Int
    let minutes: Int
    let minutesBehind: Int
}

/// What was submitted, as JSON.
private struct SubmitReport: Encodable {
    let path: String
    let shards: Int
    /// Shards that are not done.
    let unfinished: Int
    var shardsPerTask: Int?
    var submission: Slurm.Submission?
    var minutes: Int?
    var memory: Int?

    init(_ plan: ShardPlan, _ unfinished: [Int]) {
        (path, shards, self.unfinished) = (plan.path, plan.shards.count, unfinished.count)
    }
}

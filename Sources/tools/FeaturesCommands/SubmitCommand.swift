internal import ArgumentParser
internal import Command
internal import Core
internal import Extraction
internal import FoundationEssentials
internal import Scheduling

/// Submits the unfinished shards of a plan to a scheduler.
struct SubmitCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "submit",
        abstract: "Submit a plan's unfinished shards to Slurm or Ray, followed by the merge.",
        discussion: """
            The unfinished shards are found in the files, so after a failure the same command submits the rest; if all \
            are done, only the merge. A task that is stopped at its time limit keeps its rows and is queued again, at \
            most three times. Scripts and logs are in the folder 'jobs' beside plan.json. Time and memory are measured \
            on some images unless both are given.
            """)

    @OptionGroup var plan: PlanArgument
    @OptionGroup var tasks: TaskArguments
    @OptionGroup var scheduler: SchedulerArguments
    @Flag(help: "Merge by HDF5 virtual datasets over the shard files.")
    var virtual = false
    @OptionGroup var result: OutputOptions

    private static let tool = "fewshot-features"

    func run() throws {
        let plan = try plan.read()
        let status = try self.plan.status(of: plan)
        guard !status.isMerged else {
            return result.print(
                SubmitReport(path: plan.path, shards: plan.shards.count, unfinished: 0),
                page: "merged: the feature files are in place, nothing to submit\n")
        }
        for shard in status.unfinished where shard.state == .failed { printMessage("note: \(shard.detail)") }
        switch scheduler.engine {
        case .ray:
            let memory = try scheduler.memory?.count ?? request(plan, perTask: 1).memory
            try scheduler.runRay(
                [plan.path], tool: Self.tool, memory: memory, virtual ? ["--virtual"] : [])
        case .slurm: try submit(plan, status)
        }
    }

    private func submit(_ plan: ShardPlan, _ status: ShardStatus) throws(Fault) {
        let slurm = Slurm(environment: ProcessInfo.processInfo.environment)
        let perTask = ArrayJob.shardsPerTask(
            of: plan.shards.count, maximum: try arraySize(slurm), atLeast: tasks.shardsPerTask)
        let job = try job(plan, ArrayJob.tasks(with: status.resubmit, perTask: perTask), perTask: perTask)
        guard let submitted = try scheduler.submit(job, to: slurm) else { return }
        let report = SubmitReport(
            path: plan.path, shards: plan.shards.count, unfinished: status.resubmit.count, shardsPerTask: perTask,
            submission: submitted, minutes: job.request.minutes, memory: job.request.memory)
        result.print(report, page: page(report, job))
    }

    /// The largest array that the cluster allows; Slurm's default for a dry run on a machine without it.
    private func arraySize(_ slurm: Slurm) throws(Fault) -> Int {
        do throws(Fault) { return try slurm.maximumArraySize() } catch {
            guard scheduler.dryRun else { throw error }
            let usual = Slurm.usualArraySize
            printMessage("note: \(error.subject) did not give the largest size of an array; assuming \(usual)")
            return usual
        }
    }

    private func job(_ plan: ShardPlan, _ tasks: IndexExpression, perTask: Int) throws(Fault) -> ArrayJob {
        let request = try request(plan, perTask: perTask)
        let limits =
            ["--threads", "\(scheduler.cpus)"] + (request.workerMemory.map { ["--max-memory", "\($0 >> 20)M"] } ?? [])
        let tool = SchedulerArguments.path(ofTool: Self.tool)
        var job = ArrayJob(
            output: plan.folder, task: [tool, "worker", plan.path, "--shards-per-task", "\(perTask)"] + limits,
            tasks: tasks, behind: [tool, "merge", plan.path] + limits + (virtual ? ["--virtual"] : []))
        job.request = request
        return job
    }

    /// The given limits, or those that the largest task needs by a measurement.
    private func request(_ plan: ShardPlan, perTask: Int) throws(Fault) -> TaskRequest {
        if scheduler.memory != nil, scheduler.time != nil { return scheduler.request }
        var build = try plan.build()
        build.threads = scheduler.cpus
        let estimate = try plan.measure(build)
        let views = ArrayJob.largestTask(of: plan.shards.map(\.views), perTask: perTask)
        return TaskRequest(
            startSeconds: estimate.startSeconds, workSeconds: Double(views) * estimate.secondsPerView,
            workerMemory: estimate.memory, memory: scheduler.memory?.count, minutes: scheduler.time)
    }

    private func page(_ report: SubmitReport, _ job: ArrayJob) -> String {
        var lines: [String] = []
        let size = "\(scheduler.cpus) cores, \((report.memory ?? 0) >> 20) MiB, \(report.minutes ?? 0) minutes"
        if let array = report.submission?.array {
            let shards = "\(report.unfinished) of \(report.shards) shards"
            lines.append("array job \(array): tasks \(job.tasks) for \(shards), each \(size)")
        }
        lines.append("merge job \(report.submission?.merge ?? ""); scripts and logs in \(job.folder)")
        lines.append("next: fewshot-features status \(shellWord(report.path))")
        return lines.map { "\($0)\n" }.joined()
    }
}

/// The submitted jobs as JSON.
private struct SubmitReport: Encodable {
    let path: String
    let shards: Int
    let unfinished: Int
    var shardsPerTask: Int?
    var submission: Slurm.Submission?
    var minutes: Int?
    var memory: Int?
}

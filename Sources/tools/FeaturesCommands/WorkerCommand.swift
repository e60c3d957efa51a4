internal import ArgumentParser
internal import Command
internal import Core
internal import Extraction
internal import FoundationEssentials
internal import Scheduling

/// Encodes some shards of a plan.
struct WorkerCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "worker",
        abstract: "Encode one or more shards of a plan.",
        discussion: """
            Without --shard, the number is that of the array task, from the variables of Slurm, PBS, SGE, LSF, AWS \
            Batch or a Kubernetes indexed job. Finished shards are kept. After a kill, the same command continues. Two \
            workers on one shard are harmless. Exits with 75 if trying again may help, with 65 if images or inputs \
            must be repaired first.
            """)

    @OptionGroup var plan: PlanArgument
    @Option(help: ArgumentHelp("The shards to encode, such as 3 or 0-2,5.", valueName: "numbers"))
    var shard: String?
    @OptionGroup var tasks: TaskArguments
    @OptionGroup var places: PlanPlaces
    @OptionGroup var threads: ThreadOptions
    @OptionGroup var result: OutputOptions

    func run() throws {
        threads.apply()
        let plan = try plan.read()
        let shards = try shards(plan)
        let build = try places.build(plan, threads: threads.threads)
        var outcomes: [ShardOutcome] = []
        try withBuildProgress { events throws(Fault) in
            try plan.work(on: shards, build, events) { outcome in
                for image in outcome.skipped { printMessage("left out: \(image.item): \(image.reason)") }
                if !result.json { printResult(line(outcome)) }
                outcomes.append(outcome)
            }
        }
        if result.json { result.print(outcomes, page: "") }
    }

    private func shards(_ plan: ShardPlan) throws(Fault) -> [Int] {
        if let shard {
            guard let numbers = IndexExpression(shard), !numbers.indices.isEmpty else {
                throw Fault(
                    .usage, "--shard", found: "'\(shard)'", expected: "numbers such as 3 or 0-2,5", remedy: "correct it"
                )
            }
            return numbers.indices
        }
        guard let task = try ArrayTask(environment: ProcessInfo.processInfo.environment) else {
            throw Fault(
                .usage, "--shard", found: "no number, and no task of an array job",
                expected: "a number from 0 to \(plan.shards.count - 1)", remedy: "name the shard")
        }
        let shards = task.shards(of: plan.shards.count, perTask: tasks.shardsPerTask)
        if shards.isEmpty { printMessage("task \(task.index) has no shard: there are \(plan.shards.count)") }
        return Array(shards)
    }

    private func line(_ outcome: ShardOutcome) -> String {
        let size = "shard \(outcome.shard): \(outcome.items) images, \(outcome.views) views"
        return outcome.isReused ? "\(size), reused\n" : "\(size) in \(Int(outcome.seconds.rounded(.up))) s\n"
    }
}

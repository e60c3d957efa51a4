internal import ArgumentParser
internal import Command
internal import Core
internal import Extraction
internal import Scheduling

/// The plan that a verb works on.
struct PlanArgument: ParsableArguments {
    @Argument(help: "plan.json, or the folder that holds it.", completion: .file(extensions: ["json"]))
    var plan: String

    func read() throws(Fault) -> ShardPlan { try ShardPlan(path: plan) }
}

/// Where things are on this machine, if not where they were planned.
struct PlanPlaces: ParsableArguments {
    @Option(help: ArgumentHelp("The split, if it is elsewhere here.", valueName: "file"))
    var split: String?
    @Option(help: ArgumentHelp("The data root, if it is elsewhere here.", valueName: "folder"))
    var root: String?
    @Option(help: ArgumentHelp("The weights, if they are elsewhere here.", valueName: "path"))
    var model: String?
    @Option(help: ArgumentHelp("The vocabulary, if it is elsewhere here.", valueName: "path"))
    var vocabulary: String?
    @Option(help: ArgumentHelp("Memory to use, as 800M or 4G. (default: half of the machine's)", valueName: "size"))
    var maxMemory: ByteCount?
    @Option(
        help: ArgumentHelp("Go on without up to n images that cannot be read. (default: as planned)", valueName: "n"))
    var skipBad: Int?

    func build(_ plan: ShardPlan, threads: Int?) throws(Fault) -> FeatureBuild {
        var build = try plan.build()
        (build.split, build.root) = (split ?? build.split, root ?? build.root)
        (build.model, build.vocabulary) = (model ?? build.model, vocabulary ?? build.vocabulary)
        (build.memory, build.threads) = (maxMemory?.count, threads)
        build.maximumSkipped = skipBad ?? build.maximumSkipped
        return build
    }
}

/// How many shards a scheduler's task has.
struct TaskArguments: ParsableArguments {
    @Option(
        help: ArgumentHelp("Shards that a task of an array job does, one after the other.", valueName: "n"))
    var shardsPerTask = 1

    func validate() throws {
        guard shardsPerTask > 0 else { throw ValidationError("--shards-per-task takes numbers from 1") }
    }

    /// The tasks that have these shards.
    func tasks(of shards: [Int]) -> IndexExpression { ArrayJob.tasks(with: shards, perTask: shardsPerTask) }
}

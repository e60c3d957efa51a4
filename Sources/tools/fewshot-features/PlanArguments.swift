internal import ArgumentParser
internal import Command
internal import Core
internal import Extraction
internal import Scheduling

/// The plan of a verb.
struct PlanArgument: ParsableArguments {
    @Argument(help: "plan.json, or its folder.", completion: .file(extensions: ["json"]))
    var plan: String

    func read() throws(Fault) -> ShardPlan { try ShardPlan(path: plan) }
}

/// Paths on this machine that differ from those of the plan.
struct PlanPlaces: ParsableArguments {
    @Option(help: ArgumentHelp("The split file, if its path differs on this machine.", valueName: "file"))
    var split: String?
    @Option(help: ArgumentHelp("The data root, if its path differs on this machine.", valueName: "folder"))
    var root: String?
    @Option(help: ArgumentHelp("The weights, if their path differs on this machine.", valueName: "path"))
    var model: String?
    @Option(help: ArgumentHelp("The vocabulary, if its path differs on this machine.", valueName: "path"))
    var vocabulary: String?
    @Option(
        help: ArgumentHelp(
            "Memory limit, such as 800M or 4G. (default: half of the machine's memory)", valueName: "size"))
    var maxMemory: ByteCount?
    @Option(
        help: ArgumentHelp("Leave out up to n unreadable images. (default: as planned)", valueName: "n"))
    var skipBad: Int?

    func build(_ plan: ShardPlan, threads: Int?) throws(Fault) -> FeatureBuild {
        var build = try plan.build()
        build.split = split ?? build.split
        build.root = root ?? build.root
        build.model = model ?? build.model
        build.vocabulary = vocabulary ?? build.vocabulary
        build.memory = maxMemory?.count
        build.threads = threads
        build.maximumSkipped = skipBad ?? build.maximumSkipped
        return build
    }
}

/// The number of shards per task.
struct TaskArguments: ParsableArguments {
    @Option(
        help: ArgumentHelp("Shards per task of an array job, in sequence.", valueName: "n"))
    var shardsPerTask = 1

    func validate() throws {
        guard shardsPerTask > 0 else { throw ValidationError("--shards-per-task takes numbers from 1") }
    }

    /// The tasks with these shards.
    func tasks(of shards: [Int]) -> IndexExpression { ArrayJob.tasks(with: shards, perTask: shardsPerTask) }
}

internal import ArgumentParser
internal import Command
internal import Core
internal import Extraction
internal import FeatureStore
internal import Scheduling

/// Cuts a build into shards for several machines.
struct PlanCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan",
        abstract: "Cut a build into shards for any number of machines, in any order.",
        discussion: """
            Takes the options of 'build' and writes plan.json into the feature folder. All machines must have access \
            to this folder, the split, the images and the weights. Then 'worker' encodes a shard, 'status' shows what \
            is done, and 'merge' joins the shards into the files that one machine would write, byte for byte. The plan \
            fixes the precision; every processor supports --precision f32.
            """)

    @OptionGroup var options: BuildOptions
    @Option(
        help: ArgumentHelp(
            "The number of shards, with about the same number of views. "
                + "(default: \(ShardPlan.usefulViews) views per shard)",
            valueName: "n"))
    var shards: Int?
    @OptionGroup var result: OutputOptions

    func run() throws {
        let build = try options.build()
        guard !build.extends else {
            throw Fault.configuration(
                "--extend", found: "a plan", expected: "features made on one machine",
                remedy: "extend with 'build', or plan another output")
        }
        let plan = try ShardPlan(build, shards: shards)
        let isReused = try plan.write(replaces: build.replaces)
        let report = PlanReport(
            path: plan.path, identity: plan.identity, shards: plan.shards.count, items: plan.itemCount,
            views: plan.viewCount, isReused: isReused)
        result.print(report, page: page(plan, isReused))
    }

    private func page(_ plan: ShardPlan, _ isReused: Bool) -> String {
        let last = plan.shards.count - 1
        let reused = isReused ? ", reused" : ""
        let shards = last == 0 ? "0" : "0-\(last)"
        return """
            \(plan.path): \(plan.itemCount) images, \(plan.viewCount) views in \(plan.shards.count) shards\(reused)
            next: fewshot-features worker \(shellWord(plan.path)) --shard \(shards), or as an array job by \
            'fewshot-features submit'

            """
    }
}

/// The plan as JSON.
private struct PlanReport: Encodable {
    let path: String
    let identity: Digest
    let shards: Int
    let items: Int
    let views: Int
    let isReused: Bool
}

/// The plan of a verb.
struct PlanArgument: ParsableArguments {
    @Argument(help: "plan.json, or its folder.", completion: .file(extensions: ["json"]))
    var plan: String

    func read() throws(Fault) -> ShardPlan { try ShardPlan(path: plan) }

    func status(of plan: ShardPlan, everyByte: Bool = true) throws(Fault) -> ShardStatus {
        try withProgress("status", unit: "shards") { progress throws(Fault) in
            try plan.status(everyByte: everyByte, progress: progress)
        }
    }
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
    @Option(help: ArgumentHelp("Leave out up to n unreadable images. (default: as planned)", valueName: "n"))
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
    @Option(help: ArgumentHelp("Shards per task of an array job, in sequence.", valueName: "n"))
    var shardsPerTask = 1

    func validate() throws {
        guard shardsPerTask > 0 else { throw ValidationError("--shards-per-task takes numbers from 1") }
    }

    func tasks(of shards: [Int]) -> IndexExpression { ArrayJob.tasks(with: shards, perTask: shardsPerTask) }
}

internal import ArgumentParser
internal import Command
internal import Core
internal import Extraction
internal import FeatureStore

/// Cuts a build into shards for several machines.
struct PlanCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan",
        abstract: "Cut a build into shards that any number of machines do in any order.",
        discussion: """
            Takes the options of 'build' and writes plan.json into the feature folder, which all machines must see, as they must \
            see the split, the images and the weights. Then 'worker' makes the parts of a shard, 'status' tells from the files what is \
            done, and 'merge' joins the parts into the files that one machine would have written, to the byte. The \
            precision is fixed here: --precision f32 is what every processor has.
            """)

    @OptionGroup var options: BuildOptions
    @Option(
        help: ArgumentHelp(
            "Shards to cut the images into, of about as many views each. (default: \(ShardPlan.usefulViews) views a shard)",
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
        result.print(PlanReport(plan, isReused), page: page(plan, isReused))
    }

    private func page(_ plan: ShardPlan, _ isReused: Bool) -> String {
        let last = plan.shards.count - 1
        return """
            \(plan.path): \(plan.itemCount) images, \(plan.viewCount) views in \(plan.shards.count) shards\(isReused ? ", reused" : "")
            next: fewshot-features worker \(shellWord(plan.path)) --shard \(last == 0 ? "0" : "0-\(last)"), or as an array job by 'fewshot-features submit'

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

    init(_ plan: ShardPlan, _ isReused: Bool) {
        (path, identity, shards) = (plan.path, plan.identity, plan.shards.count)
        (items, views, self.isReused) = (plan.itemCount, plan.viewCount, isReused)
    }
}

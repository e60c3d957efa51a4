public import Core

/// What a worker has done.
public struct ShardOutcome: Sendable, Encodable {
    public let shard: Int
    public let items: Int
    public let views: Int
    /// Images that were left out.
    public let skipped: [UnusableImage]
    /// Whether its parts were there, whole.
    public let isReused: Bool
    public let stages: [StageRate]
    public let seconds: Double
}

extension ShardPlan {
    /// Makes the parts of some shards, in order.
    ///
    /// A shard whose parts are there and whole is left alone. What a killed worker has encoded is gone on with. A second worker on
    /// the same shard works beside the first one in a place of its own; both make the same bytes, and the last rename wins.
    ///
    /// - Parameters:
    ///   - shards: which shards.
    ///   - build: the planned build, with paths, memory and threads as they are here.
    ///   - events: what is told while it runs.
    ///   - finished: told after each shard.
    /// - Throws: `badData` where the split, the weights or the prompts have changed since the plan, or images cannot be used;
    ///   `configuration` for a shard that there is not; `inputOutput` for a full disk. What was encoded is kept in all cases.
    public func work(
        on shards: [Int], _ build: FeatureBuild, _ events: BuildEvents = .init(),
        finished: (ShardOutcome) -> Void = { _ in }
    ) throws(Fault) {
        for shard in shards where !self.shards.indices.contains(shard) {
            throw .configuration(
                option: "shard", found: "\(shard)", expected: "0 to \(self.shards.count - 1)",
                remedy: "\(action: .showShards(plan: path))")
        }
        var worker: ShardWorker?
        for shard in shards {
            if let record = try finishedRecord(shard, everyByte: true) {
                finished(outcome(shard, record.skipped, StageClock(), isReused: true))
                continue
            }
            let ready = if let worker { worker } else { try ShardWorker(self, build) }
            worker = ready
            let clock = StageClock()
            let skipped = try ready.make(self.shards[shard], clock, events)
            finished(outcome(shard, skipped, clock, isReused: false))
        }
    }

    private func outcome(
        _ shard: Int, _ skipped: [UnusableImage], _ clock: StageClock, isReused: Bool
    ) -> ShardOutcome {
        let shard = shards[shard]
        return ShardOutcome(
            shard: shard.index, items: shard.slices.reduce(0) { $0 + $1.count }, views: shard.views, skipped: skipped,
            isReused: isReused, stages: clock.rates, seconds: clock.seconds)
    }

    /// Where the unfinished rows of a shard are.
    func workPath(_ shard: Int) -> String {
        "\(partsFolder)/.unfinished/\(Shard.name(shard)).\(identity.description.prefix(8))"
    }
}

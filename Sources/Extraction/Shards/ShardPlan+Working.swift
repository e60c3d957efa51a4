public import Core

/// The result of a worker for one shard.
public struct ShardOutcome: Sendable, Encodable {
    /// The index of the shard.
    public let shard: Int
    /// The number of items.
    public let items: Int
    /// The number of views.
    public let views: Int
    /// The images that were omitted.
    public let skipped: [UnusableImage]
    /// Whether its output existed already.
    public let isReused: Bool
    /// The throughput of each stage.
    public let stages: [StageRate]
    /// The time in seconds.
    public let seconds: Double
}

extension ShardPlan {
    /// Makes the outputs of some shards, in order.
    ///
    /// A finished shard is left unchanged, and the work of a killed worker is resumed. A second worker on the same
    /// shard works in a folder of its own; both make the same bytes, and the last rename wins.
    ///
    /// - Parameters:
    ///   - shards: the indices of the shards.
    ///   - build: the planned build, with the paths, memory and threads of this machine.
    ///   - events: receives notes and progress.
    ///   - finished: receives the result of each shard.
    /// - Throws: `badData` if the split, the weights or the prompts have changed since the plan, or images cannot be
    ///   used; `configuration` for a shard that does not exist; `inputOutput` for a full disk. Encoded features are
    ///   kept.
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
            if let record = try finishedRecord(shard, for: build) {
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

    /// The record of a shard that is done and whose every byte is sound; nil where it must be made, or made again.
    ///
    /// A shard that left out more images than `build` allows is made again: the images may have been corrected.
    func finishedRecord(_ shard: Int, for build: FeatureBuild) throws(Fault) -> PartRecord? {
        guard let record = try finishedRecord(shard, everyByte: true), record.skipped.count <= build.maximumSkipped
        else { return nil }
        return record
    }

    private func outcome(
        _ shard: Int, _ skipped: [UnusableImage], _ clock: StageClock, isReused: Bool
    ) -> ShardOutcome {
        let shard = shards[shard]
        return ShardOutcome(
            shard: shard.index, items: shard.slices.reduce(0) { $0 + $1.count }, views: shard.views, skipped: skipped,
            isReused: isReused, stages: clock.rates, seconds: clock.seconds)
    }

    /// The folder of a shard's unfinished rows.
    func workPath(_ shard: Int) -> String {
        "\(partsFolder)/.unfinished/\(Shard.name(shard)).\(identity.description.prefix(8))"
    }
}

internal import CLIP
public import Core
internal import FeatureStore
internal import Kernels

/// The time and memory of a shard on this kind of machine, measured on some of its images.
public struct ShardEstimate: Sendable, Encodable {
    /// The number of threads of the measurement.
    public let threads: Int
    /// The number of views that were encoded.
    public let measuredViews: Int
    /// Seconds per view from reading an image to its row, on all threads.
    public let secondsPerView: Double
    /// Seconds for the split and the weights, before the first image.
    public let startSeconds: Double
    /// The memory of a worker in bytes.
    public let memory: Int

    /// The estimated time in seconds for a number of views.
    public func seconds(views: Int) -> Double { startSeconds + Double(views) * secondsPerView }
}

extension ShardPlan {
    /// Encodes some images of the first part, and discards the features.
    ///
    /// Unusable images are ignored here; their worker reports them.
    ///
    /// - Throws: the faults of a worker before its first image.
    public func measure(_ build: FeatureBuild) throws(Fault) -> ShardEstimate {
        let clock = ContinuousClock()
        let start = clock.now
        var plan = try BuildPlan(build)
        try require(plan)
        let encoder = try ImageEncoder(plan.model, precision: plan.precision)
        let startSeconds = (clock.now - start) / .seconds(1)
        let threads = build.threads ?? Parallel.threadCount
        let memory = MemoryPlan.comfortable(
            plan.model, items: plan.itemCount, batchSize: encoder.batchSize, threads: threads)

        let staged = try StagedFolder(in: folder, for: "measured")
        var sample = build
        sample.output = staged.path
        sample.maximumSkipped = .max
        // Several batches per thread.
        let part = plan.parts[0]
        let items = max(1, min(part.items.count, 8 * threads * encoder.batchSize / part.views))
        plan.parts = [part.slice(0 ..< items)]
        let stages = StageClock()
        var measured = 0
        try staged.naming { () throws(Fault) in
            var rows = try UnfinishedFeatures(
                folder: sample.output, name: "images", count: items * part.views,
                rowBytes: plan.width * build.type.width + ImageRow.checksumBytes)
            _ = try sample.encodeMissing(plan, &rows, stages, BuildEvents(), encoder: encoder)
            measured = rows.doneCount
        }
        return ShardEstimate(
            threads: threads, measuredViews: measured,
            secondsPerView: stages.seconds / Double(max(1, measured)), startSeconds: startSeconds, memory: memory)
    }
}

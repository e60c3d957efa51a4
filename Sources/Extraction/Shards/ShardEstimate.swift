internal import CLIP
public import Core
internal import FeatureStore
internal import Kernels

/// The time and memory of a shard on this kind of machine, measured on some of its images.
public struct ShardEstimate: Sendable {
    /// Seconds per view from reading an image to its row, on all threads.
    public let secondsPerView: Double
    /// Seconds for the split and the weights, before the first image.
    public let startSeconds: Double
    /// The memory of a worker in bytes.
    public let memory: Int
}

extension ShardPlan {
    /// Encodes some images of the first subset, and discards the features.
    ///
    /// Unusable images are ignored here; their worker reports them.
    ///
    /// - Throws: the faults of a worker before its first image.
    public func measure(_ build: FeatureBuild) throws(Fault) -> ShardEstimate {
        let clock = ContinuousClock()
        let start = clock.now
        var sample = try ResolvedBuild(build)
        try require(sample)
        let encoder = try ImageEncoder(sample.model, precision: sample.precision)
        let startSeconds = (clock.now - start) / .seconds(1)
        let threads = build.threads ?? Parallel.threadCount
        let memory = MemoryShares.comfortable(sample, batchSize: encoder.batchSize, threads: threads)

        let staged = try StagedFolder(in: folder, for: "measured")
        sample.build.output = staged.path
        sample.build.maximumSkipped = .max
        // Several batches per thread.
        let subset = sample.subsets[0]
        let items = max(1, min(subset.items.count, 8 * threads * encoder.batchSize / subset.views))
        sample.replaceSubsets([ResolvedSubset(subset, 0 ..< items)])
        let stages = StageClock()
        var measured = 0
        try staged.naming { () throws(Fault) in
            var rows = try sample.unfinishedImages(in: sample.build.output)
            _ = try sample.encodeMissing(&rows, stages, BuildEvents(), encoder: encoder)
            measured = rows.doneCount
        }
        return ShardEstimate(
            secondsPerView: stages.seconds / Double(max(1, measured)), startSeconds: startSeconds, memory: memory)
    }
}

internal import CLIP
public import Core
internal import FeatureStore
internal import Foundation
internal import Glibc
internal import Kernels

/// What a shard takes on a machine as this one, measured on some of its images.
public struct ShardEstimate: Sendable, Encodable {
    /// Threads that it was measured with.
    public let threads: Int
    /// Views that were encoded for it.
    public let measuredViews: Int
    /// From reading an image to its row, with all threads at work.
    public let secondsPerView: Double
    /// Reading the split and the weights, before the first image.
    public let startSeconds: Double
    /// Bytes that a worker should be given.
    public let memory: Int

    /// Seconds for so many views.
    public func seconds(views: Int) -> Double { startSeconds + Double(views) * secondsPerView }
}

extension ShardPlan {
    /// Encodes some of the first shard's images and forgets them again.
    ///
    /// Images that cannot be used are no matter here: their worker names them.
    ///
    /// - Throws: what a worker would before its first image.
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

        var sample = build
        sample.output = "\(folder)/.measured.\(getpid())"
        sample.maximumSkipped = .max
        defer { try? FileManager.default.removeItem(atPath: sample.output) }
        // Each thread has several batches.
        let part = plan.parts[0]
        let items = max(1, min(part.items.count, 8 * threads * encoder.batchSize / part.views))
        plan.parts = [part.slice(0 ..< items)]
        let stages = StageClock()
        var rows = try UnfinishedFeatures(
            folder: sample.output, name: "images", count: items * part.views,
            rowBytes: plan.width * build.type.width + ImageRow.checksumBytes)
        _ = try sample.encodeMissing(plan, &rows, stages, BuildEvents(), encoder: encoder)
        return ShardEstimate(
            threads: threads, measuredViews: rows.doneCount,
            secondsPerView: stages.seconds / Double(max(1, rows.doneCount)), startSeconds: startSeconds, memory: memory)
    }
}

internal import CLIP
internal import Core
internal import Foundation
internal import Images
internal import Kernels

/// The division of the memory limit, which holds for data sets of any size.
struct MemoryPlan: Sendable, Equatable {
    /// The number of threads that decode and encode.
    let threads: Int
    /// The number of views per batch; a thread holds up to twice as many.
    let viewsAtATime: Int
    /// Bytes for files that are read and not yet decoded.
    let files: Int
    /// Bytes for decoded images.
    let pixels: Int

    /// The number of views that keeps an encoder efficient.
    private static let usefulViews = 32
    /// Bytes that a process needs besides.
    private static let base = 192 << 20
    /// Bytes for the name, label and rows of an item.
    private static let itemBytes = 400
    private static let least = 16 << 20

    /// Divides the memory limit of `build`, or half of the machine's memory.
    ///
    /// - Throws: `configuration` if the weights and one batch on one thread need more.
    init(
        _ build: FeatureBuild, _ model: CLIPModel, items: Int, batchSize: Int
    ) throws(Fault) {
        let total = build.memory ?? Int(clamping: ProcessInfo.processInfo.physicalMemory / 2)
        let load = Load(model, items: items, batchSize: batchSize)
        var threads = build.threads ?? Parallel.threadCount
        var views = load.usefulViews
        func need() -> Int { load.bytes(threads: threads, views: views) }
        while need() > total, views > batchSize {
            views = max(batchSize, views / 2 / batchSize * batchSize)
        }
        while need() > total, threads > 1 { threads -= 1 }
        guard need() <= total else {
            throw .configuration(
                option: "max_memory", found: "\(total >> 20) MiB",
                expected: "at least \((need() >> 20) + 1) MiB for this model",
                remedy: "raise the limit")
        }
        let rest = total - (need() - 2 * Self.least)
        self.threads = threads
        viewsAtATime = views
        files = max(Self.least, min(rest / 4, 256 << 20))
        pixels = max(Self.least, rest - files)
    }

    /// Bytes with which a build on `threads` threads rarely waits for memory.
    static func comfortable(_ model: CLIPModel, items: Int, batchSize: Int, threads: Int) -> Int {
        let load = Load(model, items: items, batchSize: batchSize)
        // Per thread, one photo of twelve million pixels and the next one.
        return load.bytes(threads: threads, views: load.usefulViews) + 128 << 20 + threads * 2 * 36 << 20
    }

    /// The parts of a build that take memory.
    private struct Load {
        let fixed: Int
        let view: Int
        let run: Int
        let usefulViews: Int

        init(_ model: CLIPModel, items: Int, batchSize: Int) {
            // One tower at a time, in float32, since both precisions are compared at the end.
            let weights = model.largestTower * 4
            view = model.architecture.imageSize * model.architecture.imageSize * 3 * 4
            // Between layers there are several times as many values as in the pixels.
            run = batchSize * view * 8
            fixed = base + weights + items * itemBytes
            usefulViews = max(1, MemoryPlan.usefulViews / batchSize) * batchSize
        }

        /// Bytes for batches of `views` on each thread, and for the smallest read-ahead.
        func bytes(threads: Int, views: Int) -> Int { fixed + threads * (2 * views * view + run) + 2 * least }
    }
}

internal import CLIP
internal import Core
internal import FoundationEssentials
internal import Images
internal import Kernels

/// The division of the memory limit, which holds for data sets of any size.
struct MemoryShares: Sendable, Equatable {
    /// The number of views that the encoder encodes at once.
    let batchSize: Int
    /// The number of threads that decode and encode.
    let threads: Int
    /// The number of views per batch; a thread holds up to twice as many.
    let viewsPerBatch: Int
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

    /// Divides the memory limit of a build, or half of the machine's memory.
    ///
    /// - Throws: `configuration` if the weights and one batch on one thread need more.
    init(_ resolved: ResolvedBuild, batchSize: Int) throws(Fault) {
        let total = resolved.build.memory ?? Int(clamping: ProcessInfo.processInfo.physicalMemory / 2)
        let load = Load(resolved, batchSize: batchSize)
        var threads = resolved.build.threads ?? Parallel.threadCount
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
        self.batchSize = batchSize
        self.threads = threads
        viewsPerBatch = views
        files = max(Self.least, min(rest / 4, 256 << 20))
        pixels = max(Self.least, rest - files)
    }

    /// Bytes with which a build on `threads` threads rarely waits for memory.
    static func comfortable(_ resolved: ResolvedBuild, batchSize: Int, threads: Int) -> Int {
        let load = Load(resolved, batchSize: batchSize)
        // Per thread, one photo of twelve million pixels and the next one.
        return load.bytes(threads: threads, views: load.usefulViews) + 128 << 20 + threads * 2 * 36 << 20
    }

    /// The parts of a build that take memory.
    private struct Load {
        let fixed: Int
        let view: Int
        let run: Int
        let usefulViews: Int

        init(_ resolved: ResolvedBuild, batchSize: Int) {
            let size = resolved.model.architecture.imageSize
            view = size * size * 3 * 4
            // Between layers there are several times as many values as in the pixels.
            run = batchSize * view * 8
            // One tower at a time, in float32, since both precisions are compared at the end.
            fixed = base + resolved.model.largestTower * 4 + resolved.itemCount * itemBytes
            usefulViews = max(1, MemoryShares.usefulViews / batchSize) * batchSize
        }

        /// Bytes for batches of `views` on each thread, and for the smallest read-ahead.
        func bytes(threads: Int, views: Int) -> Int { fixed + threads * (2 * views * view + run) + 2 * least }
    }
}

/// A limit for the bytes in use; a request for more than is left waits.
///
/// A thread requests memory only while it holds none of the same budget, so no thread waits for itself.
final class MemoryBudget: @unchecked Sendable {  // its state is behind the condition
    let total: Int
    private var used = 0
    private var isClosed = false
    private let condition = Condition()

    init(_ total: Int) { self.total = total }

    /// Waits until `byteCount` bytes are free, and takes them.
    ///
    /// - Returns: false if the budget is smaller, or was closed.
    func take(_ byteCount: Int) -> Bool {
        condition.withLock {
            guard byteCount <= total else { return false }
            while used + byteCount > total, !isClosed { condition.wait() }
            guard !isClosed else { return false }
            used += byteCount
            return true
        }
    }

    func give(_ byteCount: Int) {
        condition.withLock {
            used -= byteCount
            condition.broadcast()
        }
    }

    func close() {
        condition.withLock {
            isClosed = true
            condition.broadcast()
        }
    }
}

internal import Artifacts
internal import CLIP
internal import Foundation
internal import Images
internal import Kernels

/// How much is done at once, so that the work stays within its memory whatever the data set's size.
struct MemoryPlan: Sendable, Equatable {
    /// Threads that decode and encode.
    let threads: Int
    /// Views that make a batch; a thread holds up to twice as many.
    let viewsAtATime: Int
    /// Bytes for files that were read and not yet decoded.
    let files: Int
    /// Bytes for decoded images.
    let pixels: Int

    /// Views that keep an encoder busy for long enough.
    private static let usefulViews = 32
    /// What a process needs besides, with the bookkeeping of a million items.
    private static let base = 192 << 20
    private static let least = 16 << 20

    /// Divides `memory` bytes, or half of what the machine has.
    ///
    /// - Throws: `configuration` where the weights and one run of images on one thread need more.
    init(
        _ memory: Int?, threads: Int, weights: ModelWeights, precision: Precision, imagesAtATime: Int
    ) throws(Fault) {
        let total = memory ?? Int(clamping: ProcessInfo.processInfo.physicalMemory / 2)
        let model = weights.parameterCount * (precision == .bfloat16 ? 2 : 4)
        let view = weights.architecture.imageSize * weights.architecture.imageSize * 3 * 4
        // Between layers there are a few times as many values as in the pixels.
        let run = imagesAtATime * view * 8
        let fixed = Self.base + model
        var (threads, views) = (threads, max(1, Self.usefulViews / imagesAtATime) * imagesAtATime)
        func need() -> Int { fixed + threads * (2 * views * view + run) + 2 * Self.least }
        while need() > total, views > imagesAtATime {
            views = max(imagesAtATime, views / 2 / imagesAtATime * imagesAtATime)
        }
        while need() > total, threads > 1 { threads -= 1 }
        guard need() <= total else {
            throw .configuration(
                "--max-memory", found: "\(total >> 20) MiB",
                expected: "at least \((need() >> 20) + 1) MiB for this model",
                remedy: "allow more")
        }
        let rest = total - (need() - 2 * Self.least)
        (self.threads, viewsAtATime) = (threads, views)
        files = max(Self.least, min(rest / 4, 256 << 20))
        pixels = max(Self.least, rest - files)
    }
}

internal import CLIP
internal import Core
internal import FeatureStore
internal import Images
internal import Kernels
internal import Synchronization

/// Decodes, resizes and encodes batches of images, each on the calling thread.
final class ImageEncoding: Sendable {
    let work: ImageBatches
    let threads: Int
    let failures = UnusableImages()
    private let resolved: ResolvedBuild
    private let encoder: ImageEncoder
    private let reader: ImageReader
    private let pixels: MemoryBudget
    private let clock: StageClock
    /// The number of views that are collected before they are encoded.
    private let capacity: Int
    /// Idle preprocessors, at most one per thread; each keeps its scratch memory.
    private let preprocessors = Mutex<[Preprocessor]>([])
    private let clipped = Mutex(ClippedImages())

    /// Checks that the images of the views that `unfinished` lacks exist, and starts to read them.
    init(
        _ resolved: ResolvedBuild, _ encoder: ImageEncoder, _ unfinished: borrowing UnfinishedFeatures,
        _ clock: StageClock
    ) throws(Fault) {
        let memory = try MemoryShares(resolved, batchSize: encoder.batchSize)
        work = try ImageBatches(resolved, unfinished, memory)
        try resolved.requireImages(work)
        for stage in [StageClock.Stage.decode, .encode] { clock.setThreads(memory.threads, of: stage) }
        reader = ImageReader(work, resolved.images, memory, clock)
        self.resolved = resolved
        self.encoder = encoder
        self.clock = clock
        threads = memory.threads
        pixels = MemoryBudget(memory.pixels)
        capacity = 2 * memory.viewsPerBatch
    }

    func stop() { reader.stop() }

    /// A sentence for the user if pixels of the images were clipped.
    var clippingNote: String? {
        clipped.withLock { $0.note(total: work.jobs.count - failures.all.count) }
    }

    /// Computes the rows of batch `index`; unusable images have no rows and are added to ``failures``.
    func rows(ofBatch index: Int) throws(Fault) -> [RowRun] {
        let idle = preprocessors.withLock { $0.popLast() }
        var preprocessor = if let idle { idle } else { try Preprocessor(resolved.preprocessing) }
        defer { preprocessors.withLock { [preprocessor] in $0.append(preprocessor) } }
        var views = PendingViews(valuesPerView: resolved.preprocessing.count)
        var runs: [RowRun] = []
        for place in work.batches[index] {
            let job = work.jobs[place]
            let subset = work.subset(place)
            let path = work.path(place)
            do throws(Fault) {
                let (image, sum) = try decode(place)
                defer { pixels.give(3 * image.width * image.height) }
                clipped.withLock { $0.add(image) }
                for view in job.views {
                    if views.count == capacity { runs += try encode(&views) }
                    try clock.measure(.decode, 0) { () throws(Fault) in
                        let key = ViewKey(seed: resolved.build.viewSeed, item: subset.id(job.item), view: view)
                        try views.add(subset.row(job.item, view: view), sum) { values, start throws(Fault) in
                            try preprocessor.write(
                                key, of: image, path: path, into: &values, at: start)
                        }
                    }
                }
            } catch {
                // A failing disk is no fault of the image, which is neither listed nor left out.
                guard [.badData, .noInput].contains(error.status) else { throw error }
                // The image's pending views are dropped; all of its rows are made once it is repaired.
                views.drop(subset.row(job.item) ..< subset.row(job.item + 1))
                failures.add(place, in: work, error)
            }
        }
        return try runs + encode(&views)
    }

    /// Takes the file from the reader, and decodes it once there is memory for its pixels.
    private func decode(_ place: Int) throws(Fault) -> (ImagePixels, UInt64) {
        let bytes = try reader.take(place)
        defer { reader.release(bytes) }
        let path = work.path(place)
        let sum = unsafe checksum(bytes.span.bytes)
        if let expected = work.jobs[place].expected, expected != sum {
            throw .badData(
                path, found: "an image that has changed since its other views were encoded",
                expected: "the same file", remedy: "restore it, or make the features anew with \(option: "replace")")
        }
        let header = try unsafe ImageHeader(bytes.span.bytes, path: path)
        // Each size fits four bytes, but their product may overflow.
        let (area, overflows) = header.width.multipliedReportingOverflow(by: 3 * header.height)
        guard !overflows, area <= pixels.total else {
            throw .tooLarge(path, "\(header.width) x \(header.height) pixels")
        }
        guard pixels.take(area) else { throw Fault(.interrupted, path, found: "a request to stop") }
        do throws(Fault) {
            let image = try clock.measure(.decode, 1) { () throws(Fault) in
                try unsafe ImagePixels(decoding: bytes.span.bytes, path: path)
            }
            // The caller returns the memory of the pixels.
            if 3 * image.width * image.height != area { pixels.give(area - 3 * image.width * image.height) }
            return (image, sum)
        } catch {
            pixels.give(area)
            throw error
        }
    }

    /// Encodes the pending views on this thread alone.
    private func encode(_ views: inout PendingViews) throws(Fault) -> [RowRun] {
        guard views.count > 0 else { return [] }
        let features = try clock.measure(.encode, views.count) { () throws(Fault) in
            Parallel.onOneThread {
                encoder.encode(
                    views.pixels.span.extracting(0 ..< views.count * views.valuesPerView), count: views.count)
            }
        }
        let rows = views.rows
        views.rows.removeAll(keepingCapacity: true)
        var runs: [RowRun] = []
        var bytes: [UInt8] = []
        for (index, row) in rows.enumerated() {
            bytes += features.narrowedRow(index, to: resolved.build.type) + ImageRow.bytes(of: row.sum)
            if index + 1 < rows.count, rows[index + 1].place == row.place + 1 { continue }
            runs.append((start: row.place + 1 - bytes.count / resolved.imageRowBytes, bytes: bytes))
            bytes = []
        }
        return runs
    }
}

extension Matrix {
    /// The bytes of a row in the number format of a feature file.
    func narrowedRow(_ row: Int, to type: FeatureType) -> [UInt8] {
        narrow(elements.span.extracting(row * columns ..< (row + 1) * columns), to: type)
    }
}

/// Preprocessed views to encode together.
private struct PendingViews {
    let valuesPerView: Int
    var rows: [(place: Int, sum: UInt64)] = []
    /// Storage for the values; only the first `count` views are valid.
    var pixels: [Float] = []

    var count: Int { rows.count }

    /// Adds a view; `write` writes its values from the given index on.
    mutating func add(
        _ place: Int, _ sum: UInt64, _ write: (inout MutableSpan<Float>, Int) throws(Fault) -> Void
    ) throws(Fault) {
        let start = count * valuesPerView
        pixels += repeatElement(0, count: max(0, start + valuesPerView - pixels.count))
        var span = pixels.mutableSpan
        try write(&span, start)
        rows.append((place, sum))
    }

    mutating func drop(_ places: Range<Int>) {
        while let last = rows.last, places.contains(last.place) { rows.removeLast() }
    }
}

internal import CLIP
internal import Core
internal import FeatureStore
internal import Images
internal import Kernels
internal import Synchronization

/// Decodes, resizes and encodes batches of images, each on the calling thread.
final class ImageEncoding: Sendable {
    private let plan: BuildPlan
    private let encoder: ImageEncoder
    private let type: FeatureType
    private let viewSeed: UInt64
    private let work: ImageBatches
    private let reader: ImageReader
    private let pixels: MemoryBudget
    private let clock: StageClock
    /// The number of views that are collected before they are encoded.
    private let capacity: Int
    /// Idle preprocessors, at most one per thread; each keeps its scratch memory.
    private let preprocessors = Mutex<[Preprocessor]>([])
    let failures = UnusableImages()

    init(
        _ plan: BuildPlan, _ build: FeatureBuild, _ encoder: ImageEncoder, _ work: ImageBatches, _ memory: MemoryPlan,
        _ reader: ImageReader, _ clock: StageClock
    ) {
        self.plan = plan
        self.encoder = encoder
        self.work = work
        self.reader = reader
        self.clock = clock
        type = build.type
        viewSeed = build.viewSeed
        pixels = MemoryBudget(memory.pixels)
        capacity = 2 * memory.viewsAtATime
    }

    /// Computes the rows of batch `index`; unusable images have no rows and are added to ``failures``.
    func rows(ofBatch index: Int) throws(Fault) -> [RowRun] {
        let idle = preprocessors.withLock { $0.popLast() }
        var preprocessor = if let idle { idle } else { try Preprocessor(plan.preprocessing) }
        defer { preprocessors.withLock { [preprocessor] in $0.append(preprocessor) } }
        var views = PendingViews(valuesPerView: plan.preprocessing.count)
        var runs: [RowRun] = []
        for place in work.batches[index] {
            let job = work.jobs[place]
            let part = plan.parts[job.part]
            do throws(Fault) {
                let (image, sum) = try decode(place, job, part)
                defer { pixels.give(3 * image.width * image.height) }
                for view in job.views {
                    if views.count == capacity { runs += try encode(&views) }
                    try clock.measure(.decode, 0) { () throws(Fault) in
                        let key = ViewKey(seed: viewSeed, item: part.id(job.item), view: view)
                        try views.add(part.row(job.item, view: view), sum) { values, start throws(Fault) in
                            try preprocessor.write(
                                key, of: image, path: part.path(job.item), into: &values, at: start)
                        }
                    }
                }
            } catch {
                // A failing disk is no fault of the image, which is neither listed nor left out.
                guard [.badData, .noInput].contains(error.status) else { throw error }
                // The image's pending views are dropped; all of its rows are made once it is repaired.
                views.drop(part.row(job.item) ..< part.row(job.item + 1))
                failures.add(place, part.part, part.path(job.item), error)
            }
        }
        return try runs + encode(&views)
    }

    /// Takes the file from the reader, and decodes it once there is memory for its pixels.
    private func decode(_ place: Int, _ job: ImageJob, _ part: PlannedPart) throws(Fault) -> (ImagePixels, UInt64) {
        let bytes = try reader.take(place)
        defer { reader.release(bytes) }
        let path = part.path(job.item)
        let sum = unsafe checksum(bytes.span.bytes)
        if let expected = job.expected, expected != sum {
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
        views.removeAll()
        let width = features.columns
        var runs: [RowRun] = []
        var bytes: [UInt8] = []
        var start = 0
        for (index, row) in rows.enumerated() {
            if index == 0 || row.place != rows[index - 1].place + 1 {
                if !bytes.isEmpty { runs.append(RowRun(start: start, bytes: bytes)) }
                start = row.place
                bytes = []
            }
            bytes += narrow(features.elements.span.extracting(index * width ..< (index + 1) * width), to: type)
            bytes += ImageRow.bytes(of: row.sum)
        }
        runs.append(RowRun(start: start, bytes: bytes))
        return runs
    }
}

/// Preprocessed views to encode together.
private struct PendingViews {
    struct Row {
        let place: Int
        let sum: UInt64
    }

    private(set) var rows: [Row] = []
    /// Storage for the values; only the first `count` views are valid.
    private(set) var pixels: [Float] = []
    let valuesPerView: Int

    init(valuesPerView: Int) { self.valuesPerView = valuesPerView }

    var count: Int { rows.count }

    /// Adds a view; `write` writes its values from the given index on.
    mutating func add(
        _ place: Int, _ sum: UInt64, _ write: (inout MutableSpan<Float>, Int) throws(Fault) -> Void
    ) throws(Fault) {
        let start = count * valuesPerView
        if pixels.count < start + valuesPerView {
            pixels.append(contentsOf: repeatElement(0, count: start + valuesPerView - pixels.count))
        }
        var span = pixels.mutableSpan
        try write(&span, start)
        rows.append(Row(place: place, sum: sum))
    }

    /// Removes the last views whose rows are in `places`.
    mutating func drop(_ places: Range<Int>) {
        while let last = rows.last, places.contains(last.place) { rows.removeLast() }
    }

    mutating func removeAll() { rows.removeAll(keepingCapacity: true) }
}

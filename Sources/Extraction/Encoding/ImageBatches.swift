internal import Archives
internal import Core
internal import FeatureStore

/// An item and the range of its views to encode.
struct ImageJob: Sendable {
    /// The index of the item's subset in the plan.
    let part: Int
    let item: Int
    let views: Range<Int>
    /// The checksum of the image from which its other views were made; nil without other views.
    let expected: UInt64?
}

/// The missing views, in batches that are encoded together.
struct ImageBatches: Sendable {
    let jobs: [ImageJob]
    let batches: [Range<Int>]

    /// The total number of views.
    var viewCount: Int { jobs.reduce(0) { $0 + $1.views.count } }

    /// Finds the rows that `unfinished` lacks.
    ///
    /// - Parameters:
    ///   - parts: the subsets and their rows.
    ///   - unfinished: the existing rows.
    ///   - source: the images.
    ///   - images: the encoder's batch size; batches are multiples of it if possible.
    ///   - size: the approximate number of views per batch.
    ///   - threads: the number of threads, each of which gets several batches of a small data set.
    /// - Throws: `inputOutput` if the disk fails.
    init(
        _ parts: [PlannedPart], _ unfinished: borrowing UnfinishedFeatures, of source: ItemSource,
        batchSize images: Int, size: Int, threads: Int
    ) throws(Fault) {
        var jobs: [ImageJob] = []
        for (index, part) in parts.enumerated() {
            for item in part.items.indices {
                let missing = (0 ..< part.views).filter { !unfinished.hasRow(part.row(item, view: $0)) }
                guard let first = missing.first, let last = missing.last else { continue }
                let known = (0 ..< part.views).first { unfinished.hasRow(part.row(item, view: $0)) }
                let expected = try known.map { view throws(Fault) in
                    let row = part.row(item, view: view)
                    return ImageRow.checksum(try unfinished.read(row ..< row + 1))
                }
                jobs.append(ImageJob(part: index, item: item, views: first ..< last + 1, expected: expected))
            }
        }
        Self.sort(&jobs, parts, images: source)
        let total = jobs.reduce(0) { $0 + $1.views.count }
        let share = max(1, total / (4 * max(1, threads)) / images) * images
        self.jobs = jobs
        batches = Self.cut(jobs, into: min(size, share), images)
    }

    /// Puts rows of tables in order: those of a page are unpacked together, and a sample jumps between pages.
    private static func sort(_ jobs: inout [ImageJob], _ parts: [PlannedPart], images source: ItemSource) {
        let places = jobs.map { job in source.order(of: parts[job.part].path(job.item)) }
        guard places.contains(where: { $0 != nil }) else { return }
        let order = jobs.indices.sorted { a, b in
            switch (places[a], places[b]) {
            case (let x?, let y?): (x.archive, x.row, a) < (y.archive, y.row, b)
            case (nil, nil): a < b
            case (let x, _): x == nil
            }
        }
        jobs = order.map { jobs[$0] }
    }

    /// Cuts the jobs into ranges of about `size` views, if possible a multiple of the encoder's batch size.
    private static func cut(_ jobs: [ImageJob], into size: Int, _ images: Int) -> [Range<Int>] {
        var batches: [Range<Int>] = []
        var start = 0
        var views = 0
        for index in jobs.indices {
            let isFull = views >= size && views % images == 0 || views + jobs[index].views.count > 2 * size
            if views > 0, isFull {
                batches.append(start ..< index)
                start = index
                views = 0
            }
            views += jobs[index].views.count
        }
        if views > 0 { batches.append(start ..< jobs.count) }
        return batches
    }
}

/// A row of the unfinished image features: the values of a view, then the checksum of its image file.
enum ImageRow {
    static let checksumBytes = 8

    static func checksum(_ row: [UInt8]) -> UInt64 {
        row.suffix(checksumBytes).reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }

    static func bytes(of checksum: UInt64) -> [UInt8] {
        (0 ..< 8).map { UInt8(truncatingIfNeeded: checksum >> (8 * $0)) }
    }
}

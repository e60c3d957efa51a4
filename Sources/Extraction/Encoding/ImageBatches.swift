internal import Archives
internal import Core
internal import FeatureStore

/// An item and the range of its views to encode.
struct ImageJob: Sendable {
    /// The index of the item's subset in the build.
    let subset: Int
    let item: Int
    let views: Range<Int>
    /// The checksum of the image from which its other views were made; nil without other views.
    let expected: UInt64?
}

/// The missing views, in batches that are encoded together.
struct ImageBatches: Sendable {
    let jobs: [ImageJob]
    let batches: [Range<Int>]
    private let subsets: [ResolvedSubset]

    var viewCount: Int { jobs.reduce(0) { $0 + $1.views.count } }

    /// Finds the rows that `unfinished` lacks.
    ///
    /// Batches are multiples of the encoder's batch size if possible, and each thread gets several of a small data set.
    ///
    /// - Throws: `inputOutput` if the disk fails.
    init(
        _ resolved: ResolvedBuild, _ unfinished: borrowing UnfinishedFeatures, _ memory: MemoryShares
    ) throws(Fault) {
        subsets = resolved.subsets
        var jobs: [ImageJob] = []
        for (index, subset) in subsets.enumerated() {
            for item in subset.items.indices {
                let missing = (0 ..< subset.views).filter { !unfinished.hasRow(subset.row(item, view: $0)) }
                guard let first = missing.first, let last = missing.last else { continue }
                let known = (0 ..< subset.views).first { unfinished.hasRow(subset.row(item, view: $0)) }
                let expected = try known.map { view throws(Fault) in
                    let row = subset.row(item, view: view)
                    return ImageRow.checksum(try unfinished.read(row ..< row + 1))
                }
                jobs.append(ImageJob(subset: index, item: item, views: first ..< last + 1, expected: expected))
            }
        }
        Self.sort(&jobs, subsets, images: resolved.images)
        self.jobs = jobs
        let total = jobs.reduce(0) { $0 + $1.views.count }
        let share = max(1, total / (4 * max(1, memory.threads)) / memory.batchSize) * memory.batchSize
        batches = Self.cut(jobs, into: min(memory.viewsPerBatch, share), memory.batchSize)
    }

    func subset(_ index: Int) -> ResolvedSubset { subsets[jobs[index].subset] }

    func path(_ index: Int) -> String { subset(index).path(jobs[index].item) }

    /// Puts rows of tables in order: those of a page are unpacked together, and a sample jumps between pages.
    private static func sort(_ jobs: inout [ImageJob], _ subsets: [ResolvedSubset], images: ItemSource) {
        let places = jobs.map { job in images.order(of: subsets[job.subset].path(job.item)) }
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
    private static func cut(_ jobs: [ImageJob], into size: Int, _ batchSize: Int) -> [Range<Int>] {
        var batches: [Range<Int>] = []
        var start = 0
        var views = 0
        for index in jobs.indices {
            let isFull = views >= size && views % batchSize == 0 || views + jobs[index].views.count > 2 * size
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

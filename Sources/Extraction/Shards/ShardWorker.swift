internal import CLIP
internal import Core
internal import Datasets
internal import FeatureStore
internal import Kernels

/// A process that makes parts.
struct ShardWorker {
    private let plan: ShardPlan
    private let build: FeatureBuild
    private let whole: BuildPlan
    private let encoder: ImageEncoder

    init(_ plan: ShardPlan, _ build: FeatureBuild) throws(Fault) {
        (self.plan, self.build) = (plan, build)
        whole = try BuildPlan(build)
        try plan.require(whole)
        encoder = try ImageEncoder(whole.weights, precision: whole.precision)
    }

    /// Makes the parts of one shard, then its record.
    func make(_ shard: Shard, _ clock: StageClock, _ events: BuildEvents) throws(Fault) -> [UnusableImage] {
        var piece = whole
        piece.parts = []
        var count = 0
        for slice in shard.slices {
            guard let part = whole.parts.first(where: { $0.part == slice.part }),
                slice.items.upperBound <= part.items.count
            else {
                throw .badData(plan.path, found: "shard \(shard.index) beyond the split's items", remedy: "plan again")
            }
            var cut = part.slice(slice.items)
            cut.firstRow = count
            count = cut.rows.upperBound
            piece.parts.append(cut)
        }
        var rows = try unfinished(shard, rows: count)
        let folder = rows.folder
        // Another worker may have come to its end while this one waited for a place.
        if let record = try plan.finishedRecord(shard.index, everyByte: false) {
            remove(rows)
            return record.skipped
        }
        var work = build
        // Its list of images that cannot be used lies beside its rows.
        work.output = folder
        var skipped: [UnusableImage] = []
        if !rows.isWhole { skipped = try work.encodeMissing(piece, &rows, clock, events, encoder: encoder) }
        let files = try publish(shard, piece, rows, clock)
        let record = PartRecord(
            plan: plan.identity, shard: shard.index, files: files, skipped: skipped, arithmetic: arithmetic)
        try PublishedFile.publish(JSONDocument.page(record), to: plan.recordPath(shard.index))
        remove(rows)
        return skipped
    }

    /// Removes unfinished rows, and their folder.
    private func remove(_ rows: consuming UnfinishedFeatures) {
        let folder = rows.folder
        rows.remove()
        removeFile("\(folder)/\(ErrorList.name)")
        removeEmptyFolder(folder)
        removeEmptyFolder(parentFolder(of: folder))
    }

    /// The rows that the shard has so far: those of the worker before, or a place beside one that is at work.
    private func unfinished(_ shard: Shard, rows: Int) throws(Fault) -> UnfinishedFeatures {
        let rowBytes = whole.width * build.type.width + ImageRow.checksumBytes
        var folder = plan.workPath(shard.index)
        var attempts = 0
        while true {
            do throws(Fault) {
                return try UnfinishedFeatures(folder: folder, name: "images", count: rows, rowBytes: rowBytes)
            } catch {
                attempts += 1
                switch error.status {
                case .tryAgain where attempts < 100:
                    folder = "\(plan.workPath(shard.index)).\(String(UInt64.random(in: .min ... .max), radix: 36))"
                // A worker that came to its end removes the folders between their making and the opening of the files.
                case .noInput where attempts < 100: continue
                default: throw error
                }
            }
        }
    }

    private func publish(
        _ shard: Shard, _ piece: BuildPlan, _ rows: borrowing UnfinishedFeatures, _ clock: StageClock
    ) throws(Fault) -> [PartRecord.File] {
        var files: [PartRecord.File] = []
        for part in piece.parts {
            guard !rows.items(of: part).isEmpty else { continue }
            let name = ShardPlan.partName(shard.index, part.part)
            let path = "\(plan.partsFolder)/\(name)"
            try clock.measure(.write, part.items.count) { () throws(Fault) in
                try FeatureAssembly.write(part, of: piece, type: build.type, from: rows, findings: nil, to: path)
            }
            let file = try FeatureFile(path: path)
            files.append(
                .init(part: part.part, name: name, byteCount: file.byteCount, digest: file.digest, count: file.count))
        }
        return files
    }

    private var arithmetic: String {
        let arithmetic = Arithmetic.current
        return whole.precision == .bfloat16 ? arithmetic.bfloat16 : arithmetic.matrixProduct
    }
}

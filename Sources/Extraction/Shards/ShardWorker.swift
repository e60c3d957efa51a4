internal import CLIP
public import Core
internal import FeatureStore
internal import Kernels

/// A process that makes shard outputs.
struct ShardWorker {
    private let plan: ShardPlan
    private let whole: ResolvedBuild
    private let encoder: ImageEncoder
    /// The rows of features that the plan replaces.
    private let reusable: ReusableRows

    init(_ plan: ShardPlan, _ build: FeatureBuild) throws(Fault) {
        self.plan = plan
        whole = try ResolvedBuild(build)
        try plan.require(whole)
        encoder = try ImageEncoder(whole.model, precision: whole.precision)
        // The rows of virtual files are in shard outputs, which may be overwritten.
        reusable = try ReusableRows(whole, in: plan.folder, includesVirtual: false)
    }

    /// Makes the output of one shard, then its record.
    func make(_ shard: Shard, _ clock: StageClock, _ events: BuildEvents) throws(Fault) -> [UnusableImage] {
        var piece = whole
        piece.replaceSubsets(
            try shard.slices.map { slice throws(Fault) in
                guard let subset = whole.subsets.first(where: { $0.name == slice.subset }),
                    slice.items.upperBound <= subset.items.count
                else {
                    throw .badData(
                        plan.path, found: "shard \(shard.index) beyond the split's items",
                        remedy: "plan again with \(option: "replace")")
                }
                return ResolvedSubset(subset, slice.items)
            })
        var rows = try unfinished(shard, piece)
        // Another worker may have finished while this one waited for a place. A damaged output must not pass for
        // finished, so every byte is read again.
        if let record = try plan.finishedRecord(shard.index, for: whole.build) {
            remove(rows)
            return record.skipped
        }
        // The list of unusable images is written beside the rows.
        piece.build.output = rows.folder
        if !rows.isWhole { _ = try reusable.copy(to: &rows, of: piece) }
        let skipped = rows.isWhole ? [] : try piece.encodeMissing(&rows, clock, events, encoder: encoder)
        let arithmetic = Arithmetic.current
        let record = ShardRecord(
            plan: plan.identity, shard: shard.index, files: try publish(shard, piece, rows, clock), skipped: skipped,
            arithmetic: whole.precision == .bfloat16 ? arithmetic.bfloat16 : arithmetic.matrixProduct)
        try PublishedFile.publish(JSONDocument.page(record.sealed), to: plan.recordPath(shard.index))
        remove(rows)
        return skipped
    }

    private func remove(_ rows: consuming UnfinishedFeatures) {
        let folder = rows.folder
        rows.remove()
        removeFile(folder.appending(path: ErrorList.name))
        removeEmptyFolder(folder)
        removeEmptyFolder(parentFolder(of: folder))
    }

    /// The existing rows of the shard: those of a previous worker, or none in a new folder beside a running one.
    private func unfinished(_ shard: Shard, _ piece: ResolvedBuild) throws(Fault) -> UnfinishedFeatures {
        var folder = plan.workPath(shard.index)
        var attempts = 0
        while true {
            do throws(Fault) { return try piece.unfinishedImages(in: folder) } catch {
                attempts += 1
                switch error.status {
                case .tryAgain where attempts < 100:
                    folder = "\(plan.workPath(shard.index)).\(String(UInt64.random(in: .min ... .max), radix: 36))"
                // A finished worker may remove the folder before the files in it are opened.
                case .noInput where attempts < 100: continue
                default: throw error
                }
            }
        }
    }

    private func publish(
        _ shard: Shard, _ piece: ResolvedBuild, _ rows: borrowing UnfinishedFeatures, _ clock: StageClock
    ) throws(Fault) -> [ShardRecord.File] {
        var files: [ShardRecord.File] = []
        for subset in piece.subsets where !rows.items(of: subset).isEmpty {
            let name = ShardPlan.outputName(shard.index, subset.name)
            let path = plan.partsFolder.appending(path: name)
            try clock.measure(.write, subset.items.count) { () throws(Fault) in
                try FeatureAssembly.write(subset, of: piece, from: rows, findings: nil, to: path)
            }
            let file = try FeatureFile(path: path)
            files.append(
                ShardRecord.File(
                    subset: subset.name, name: name, byteCount: file.byteCount, digest: file.digest, count: file.count))
        }
        return files
    }
}

/// The result of a worker for one shard.
public struct ShardOutcome: Sendable, Encodable {
    /// The index of the shard.
    public let shard: Int
    /// The number of items.
    public let items: Int
    /// The number of views.
    public let views: Int
    /// The images that were omitted.
    public let skipped: [UnusableImage]
    /// Whether its output existed already.
    public let isReused: Bool
    /// The throughput of each stage.
    public let stages: [StageRate]
    /// The time in seconds.
    public let seconds: Double
}

extension ShardPlan {
    /// Makes the outputs of some shards, in order.
    ///
    /// A finished shard is left unchanged, and the work of a killed worker is resumed. A second worker on the same
    /// shard works in a folder of its own; both make the same bytes, and the last rename wins.
    ///
    /// `build` is the planned build with the paths, memory and threads of this machine; `finished` receives the result
    /// of each shard.
    ///
    /// - Throws: `badData` if the split, the weights or the prompts have changed since the plan, or images cannot be
    ///   used; `configuration` for a shard that does not exist; `inputOutput` for a full disk. Encoded features are
    ///   kept.
    public func work(
        on shards: [Int], _ build: FeatureBuild, _ events: BuildEvents = .init(),
        finished: (ShardOutcome) -> Void = { _ in }
    ) throws(Fault) {
        for shard in shards where !self.shards.indices.contains(shard) {
            throw .configuration(
                option: "shard", found: "\(shard)", expected: "0 to \(self.shards.count - 1)",
                remedy: "\(action: .showShards(plan: path))")
        }
        var worker: ShardWorker?
        for shard in shards {
            if let record = try finishedRecord(shard, for: build) {
                finished(outcome(shard, record.skipped, StageClock(), isReused: true))
                continue
            }
            let ready = if let worker { worker } else { try ShardWorker(self, build) }
            worker = ready
            let clock = StageClock()
            let skipped = try ready.make(self.shards[shard], clock, events)
            finished(outcome(shard, skipped, clock, isReused: false))
        }
    }

    /// The record of a shard that is done and whose every byte is sound; nil where it must be made, or made again.
    ///
    /// A shard that left out more images than `build` allows is made again: the images may have been corrected.
    func finishedRecord(_ shard: Int, for build: FeatureBuild) throws(Fault) -> ShardRecord? {
        let record = try finishedRecord(shard, everyByte: true)
        return record.flatMap { $0.skipped.count <= build.maximumSkipped ? $0 : nil }
    }

    private func outcome(
        _ shard: Int, _ skipped: [UnusableImage], _ clock: StageClock, isReused: Bool
    ) -> ShardOutcome {
        let shard = shards[shard]
        return ShardOutcome(
            shard: shard.index, items: shard.itemCount, views: shard.views, skipped: skipped, isReused: isReused,
            stages: clock.rates, seconds: clock.seconds)
    }

    /// The folder of a shard's unfinished rows.
    func workPath(_ shard: Int) -> String {
        partsFolder.appending(path: ".unfinished/\(Shard.name(shard)).\(identity.description.prefix(8))")
    }
}

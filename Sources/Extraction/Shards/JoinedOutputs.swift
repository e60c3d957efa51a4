internal import Core
internal import FeatureStore
internal import Splits

/// The rows of one feature file, in the outputs of all shards.
struct JoinedOutputs {
    /// The items in the output of one shard.
    private struct Piece {
        let path: String
        /// The index of its first item in the joined items.
        let first: Int
        let count: Int
    }

    private let subset: ResolvedSubset
    private let resolved: ResolvedBuild
    private let plan: ShardPlan
    private var pieces: [Piece] = []
    /// The items that have rows.
    private(set) var encoded = EncodedItems()

    init(
        _ subset: ResolvedSubset, of resolved: ResolvedBuild, _ plan: ShardPlan, _ records: [ShardRecord]
    ) throws(Fault) {
        self.subset = subset
        self.resolved = resolved
        self.plan = plan
        for (shard, record) in zip(plan.shards, records) {
            guard let slice = shard.slices.first(where: { $0.subset == subset.name }),
                let file = record.files.first(where: { $0.subset == subset.name })
            else { continue }
            try add(slice, shard.index, plan.partsFolder.appending(path: file.name))
        }
    }

    /// Adds the items of one shard's output: those of its slice without the omitted ones.
    private mutating func add(_ slice: Shard.Slice, _ shard: Int, _ path: String) throws(Fault) {
        func unusable(_ found: String, _ expected: String) -> Fault {
            .badData(
                path, found: found, expected: expected, remedy: "remove the file and run the shard's worker again")
        }
        let file = try FeatureFile(path: path)
        let first = encoded.items.count
        var items = slice.items
        for id in try file.ids() {
            guard let item = items.first(where: { subset.id($0) == id }) else {
                throw unusable("the item '\(id)'", "an item of shard \(shard)")
            }
            encoded.items.append(item)
            items = item + 1 ..< items.upperBound
        }
        guard file.views == subset.views, let sums = try file.imageChecksums() else {
            throw unusable("\(file.views) views", "\(subset.views) and the images' checksums")
        }
        encoded.sums += sums
        pieces.append(Piece(path: path, first: first, count: encoded.items.count - first))
    }

    func plainView(_ item: Int) throws(Fault) -> [Float] {
        guard let place = encoded.items.firstIndex(of: item), let piece = pieces.last(where: { $0.first <= place })
        else { preconditionFailure("item \(item) is in no shard output") }
        var values: [Float] = []
        try FeatureFile(path: piece.path).read(rows: [place - piece.first], view: 0, into: &values)
        return values
    }

    /// Writes the feature file: a copy of all rows, or with `keepsParts` a virtual file over the shard outputs.
    func write(
        to path: String, findings: [String: String]?, keepsParts: Bool, progress: (Int) throws(Fault) -> Void
    ) throws(Fault) {
        let (items, provenance) = subset.description(
            of: encoded, classes: resolved.split.split.classes, findings: findings)
        if keepsParts {
            return try items.writeVirtual(
                to: path, parts: pieces.map { ShardPlan.partsName.appending(path: lastComponent(of: $0.path)) },
                in: plan.folder, provenance: provenance
            ) { done, _ throws(Fault) in try progress(done) }
        }
        let type = resolved.build.type
        var writer = try FeatureWriter(
            path: path, part: subset.kind,
            shape: FeatureShape(
                count: encoded.items.count, views: subset.views, width: resolved.width, type: type))
        for piece in pieces {
            let file = try FeatureFile(path: piece.path)
            guard file.count == piece.count, file.views == subset.views, file.width == resolved.width, file.type == type
            else {
                throw .badData(
                    piece.path, found: "another shape than before", expected: "a shard output that does not change",
                    remedy: "\(action: .showShards(plan: plan.folder))")
            }
            try file.forEachPiece { range, bytes throws(Fault) in
                try writer.append(raw: bytes)
                try progress(piece.first + range.upperBound)
            }
        }
        try writer.commit(items, provenance: provenance)
    }
}

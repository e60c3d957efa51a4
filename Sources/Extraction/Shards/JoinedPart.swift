internal import Core
internal import FeatureStore

/// The rows of one feature file, in the outputs of all shards.
struct JoinedPart {
    /// The items in the output of one shard.
    private struct Piece {
        let path: String
        /// The index of its first item in ``items``.
        let first: Int
        let count: Int
    }

    private let part: PlannedPart
    /// The feature folder.
    private let folder: String
    private var pieces: [Piece] = []
    /// The items that have rows, as indices into the planned part.
    private(set) var items: [Int] = []
    private var sums: [UInt64] = []

    init(_ part: PlannedPart, _ plan: ShardPlan, _ records: [PartRecord]) throws(Fault) {
        self.part = part
        folder = plan.folder
        for (shard, record) in zip(plan.shards, records) {
            guard let slice = shard.slices.first(where: { $0.part == part.part }),
                let file = record.files.first(where: { $0.part == part.part })
            else { continue }
            try add(slice, shard.index, "\(plan.partsFolder)/\(file.name)")
        }
    }

    /// Adds the items of one shard's output: those of its slice without the omitted ones.
    private mutating func add(_ slice: Shard.Slice, _ shard: Int, _ path: String) throws(Fault) {
        let file = try FeatureFile(path: path)
        let first = items.count
        var item = slice.first
        for id in try file.ids() {
            while item < slice.items.upperBound, part.id(item) != id { item += 1 }
            guard item < slice.items.upperBound else {
                throw .badData(
                    path, found: "the item '\(id)'", expected: "an item of shard \(shard)",
                    remedy: "remove the file and run the shard's worker again")
            }
            items.append(item)
            item += 1
        }
        guard file.views == part.views, let sums = try file.imageChecksums() else {
            throw .badData(
                path, found: "\(file.views) views", expected: "\(part.views) and the images' checksums",
                remedy: "remove the file and run the shard's worker again")
        }
        self.sums += sums
        pieces.append(Piece(path: path, first: first, count: items.count - first))
    }

    /// Returns the features of an item's plain view.
    func plainView(_ item: Int) throws(Fault) -> [Float] {
        var low = 0
        var high = items.count
        while low < high {
            let middle = (low + high) / 2
            if items[middle] < item { low = middle + 1 } else { high = middle }
        }
        guard let piece = pieces.last(where: { $0.first <= low }) else {
            preconditionFailure("item \(item) is in no shard output")
        }
        var values: [Float] = []
        try FeatureFile(path: piece.path).read(rows: [low - piece.first], view: 0, into: &values)
        return values
    }

    /// Writes the feature file: a copy of all rows, or with `keepsParts` a virtual file over the shard outputs.
    func write(
        of plan: BuildPlan, _ type: FeatureType, findings: [String: String]?, keepsParts: Bool, to path: String,
        progress: (Int) throws(Fault) -> Void
    ) throws(Fault) {
        if keepsParts {
            let (items, provenance) = FeatureAssembly.described(
                part, of: plan, items: items, sums: sums, findings: findings)
            return try items.writeVirtual(
                to: path, parts: pieces.map { "\(ShardPlan.partsName)/\(lastComponent(of: $0.path))" }, in: folder,
                provenance: provenance
            ) { done, _ throws(Fault) in try progress(done) }
        }
        var writer = try FeatureWriter(
            path: path, part: part.file,
            shape: FeatureShape(count: items.count, views: part.views, width: plan.width, type: type))
        for piece in pieces {
            let file = try FeatureFile(path: piece.path)
            guard file.count == piece.count, file.views == part.views, file.width == plan.width, file.type == type
            else {
                throw .badData(
                    piece.path, found: "another shape than before", expected: "a shard output that does not change",
                    remedy: "\(action: .showShards(plan: folder))")
            }
            try file.forEachPiece { range, bytes throws(Fault) in
                try writer.append(raw: bytes)
                try progress(piece.first + range.upperBound)
            }
        }
        try FeatureAssembly.commit(writer, part, of: plan, items: items, sums: sums, findings: findings)
    }
}

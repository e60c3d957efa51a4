public import Core

/// Writes a feature file beside its destination and puts it in place on commit.
///
/// The room is reserved before the first row, rows go straight to their place, and a writer that is dropped or killed
/// leaves what was at the path. The same rows give the same bytes.
public struct FeatureWriter: ~Copyable {
    private let file: PublishedFile
    private let part: FeatureFile.Kind
    private let isNormalized: Bool
    private let shape: FeatureShape
    /// Where the features start in the file.
    private let offset: Int
    /// Bytes that wait for a whole block.
    private var pending: [UInt8] = []
    /// Bytes of features written.
    private var written = 0
    private var hasher = Digest.Hasher()
    private var sums: [UInt64] = []

    /// Starts a file for raw features [N×V×D] of `part`.
    ///
    /// - Throws: `cannotCreate` or `inputOutput` where the folder cannot be written or lacks the room.
    public init(
        path: String, part: FeatureFile.Kind, count: Int, views: Int = 1, width: Int, type: FeatureType = .float16,
        isNormalized: Bool = false
    ) throws(Fault) {
        let shape = try FeatureShape(count: count, views: views, width: width, type: type, path: path)
        let file = try PublishedFile(path)
        let temporary = file.temporaryPath
        // HDF5 cuts the file to nothing when it creates its own; but a disk too small, or a limit, is met here and not
        // inside the library, which does not survive it.
        try file.reserve(shape.byteCount + Seal.piece)
        let offset = try HDF5.at(path, .inputOutput) { () throws(HDF5Error) in
            let file = try HDF5File(creating: temporary)
            let features = try Dataset(creating: "features", in: file, shape.type.datatype, shape: shape.extents)
            let offset = features.offset()
            try features.close()
            try file.flush()
            try file.close()
            return offset
        }
        guard let offset else { throw .damaged(path, "features without a place") }
        try file.reserve(offset + shape.byteCount)
        self.file = file
        (self.part, self.isNormalized, self.shape, self.offset) = (part, isNormalized, shape, offset)
    }

    /// Appends whole rows [B×D], item by item and view by view, rounded to the file's type.
    ///
    /// - Throws: `badData` for a value that is not finite, or too large for the file's type.
    public mutating func append(_ rows: Span<Float>) throws(Fault) {
        let bytes = narrow(rows, to: shape.type)
        unsafe try append(raw: bytes.span.bytes)
    }

    /// Appends whole rows [B×D] that are in the file's type already.
    ///
    /// - Throws: `badData` for a value that is not finite.
    public mutating func append(raw rows: RawSpan) throws(Fault) {
        precondition(rows.byteCount.isMultiple(of: shape.rowBytes), "\(rows.byteCount) bytes are no whole rows")
        precondition(written + pending.count + rows.byteCount <= shape.byteCount, "more than \(shape.count) items")
        var start = 0
        while start < rows.byteCount {
            let room = shape.blockBytes - pending.count
            let piece = rows.extracting(start ..< min(start + room, rows.byteCount))
            start += piece.byteCount
            if piece.byteCount == shape.blockBytes {
                try write(block: piece)
            } else {
                unsafe piece.withUnsafeBytes { unsafe pending.append(contentsOf: $0) }
                if pending.count == shape.blockBytes { try flush() }
            }
        }
    }

    private mutating func flush() throws(Fault) {
        guard !pending.isEmpty else { return }
        let block = pending
        unsafe try write(block: block.span.bytes)
        pending.removeAll(keepingCapacity: true)
    }

    private mutating func write(block: RawSpan) throws(Fault) {
        if let index = firstNonFinite(block, shape.type) {
            let place = shape.place(ofValue: written / shape.type.width + index)
            let isNarrow = shape.type == .float16
            throw .badData(
                file.path,
                found: "a value that is infinite or not a number\(isNarrow ? " (or above 65504)" : "") in \(place)",
                expected: "finite features",
                remedy: isNarrow ? "correct the source, or store float32 if it is too large" : "correct the source")
        }
        sums.append(checksum(block))
        hasher.update(block)
        try file.write(block, at: offset + written)
        written += block.byteCount
    }

    /// Adds what belongs to the items, seals the file and puts it in place.
    ///
    /// - Parameters:
    ///   - items: labels, names and classes of the items.
    ///   - provenance: how the features came to be; digests, not lists of files.
    /// - Throws: `badData` for a label that names no class; what writing throws. The path then holds what it held.
    public consuming func commit(_ items: PartItems, provenance: Provenance) throws(Fault) {
        precondition(part != .text, "text features are committed with prompts")
        let tables = try items.tables(count: shape.count, path: file.path)
        try finish(tables, provenance)
    }

    /// Adds what belongs to text features, seals the file and puts it in place.
    ///
    /// - Parameters:
    ///   - prompts: what was encoded, class by class [C×P].
    ///   - kinds: what each of a class's prompts is [P].
    ///   - classes: the class names [C].
    ///   - provenance: how the features came to be.
    /// - Throws: what writing throws. The path then holds what it held.
    public consuming func commit(
        prompts: [[String]], kinds: [PromptKind], classes: [String], provenance: Provenance
    ) throws(Fault) {
        precondition(part == .text, "features of items are committed with labels")
        precondition(
            classes.count == shape.count && prompts.count == shape.count && kinds.count == shape.views
                && prompts.allSatisfy { $0.count == shape.views }, "prompts of another shape")
        let tables = [
            try SideTable("prompts", prompts.flatMap(\.self), shape: [shape.count, shape.views], path: file.path),
            try SideTable("kinds", kinds.map(\.rawValue), shape: [shape.views], path: file.path),
            try SideTable("classes", classes, shape: [classes.count], path: file.path),
        ]
        try finish(tables, provenance)
    }

    private consuming func finish(_ tables: [SideTable], _ provenance: Provenance) throws(Fault) {
        let rest = try Accompaniment(part, isNormalized: isNormalized, provenance, tables, path: file.path)
        try finish(rest)
    }

    /// Seals the file with tables that are checked already.
    consuming func finish(_ rest: Accompaniment, expecting digests: [String: Digest]? = nil) throws(Fault) {
        try flush()
        precondition(written == shape.byteCount, "\(written) of \(shape.byteCount) bytes were appended")
        let features = Assembly.Payload(
            name: "features", offset: offset, size: written, block: shape.blockBytes, sums: sums)
        let digest = hasher.finish()
        let file = file
        if let digests, digests != rest.digests.merging(["features": digest], uniquingKeysWith: { $1 }) {
            throw .damaged(file.path, "other content than its digests say")
        }
        try Assembly.finish(file, .piece(features), digest, rest)
        try file.publish()
    }
}

extension Fault {
    static func label(_ label: Int32, of item: Int, classes: Int, _ path: String) -> Fault {
        .badData(
            path, found: "label \(label) in row \(item)", expected: "0 to \(classes - 1)",
            remedy: "correct the labels or the class names")
    }
}

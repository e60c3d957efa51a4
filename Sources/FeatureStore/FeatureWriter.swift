public import Core

/// A writer of a feature file, which appears at its path on commit.
///
/// Disk space is reserved before the first row. A writer that is destroyed or killed leaves an existing file unchanged.
/// Equal rows give equal bytes.
public struct FeatureWriter: ~Copyable {
    private let file: PublishedFile
    private let part: FeatureFile.Kind
    /// Whether all rows have unit length, as the file records.
    public var isNormalized = false
    private let shape: FeatureShape
    /// The byte offset of the features in the file.
    private let offset: Int
    private var pending: [UInt8] = []
    /// The number of bytes of features written.
    private var written = 0
    private var hasher = Digest.Hasher()
    private var sums: [UInt64] = []

    /// Starts a file for raw features of `shape`.
    ///
    /// - Throws: `cannotCreate` or `inputOutput` if the folder is not writable or the disk is full.
    public init(path: String, part: FeatureFile.Kind, shape: FeatureShape) throws(Fault) {
        try shape.check(path)
        let file = try PublishedFile(path)
        // HDF5 truncates the file again, but a full disk or a size limit must be detected here, because the library
        // crashes on it.
        try file.reserve(shape.byteCount + Seal.piece)
        let offset = try HDF5File.begin(file, shape)
        try file.reserve(offset + shape.byteCount)
        self.file = file
        self.part = part
        self.shape = shape
        self.offset = offset
    }

    /// Appends complete rows [B×D], item by item and view by view, rounded to the file's type.
    ///
    /// - Throws: `badData` for a value that is not finite or too large for the file's type.
    public mutating func append(_ rows: Span<Float>) throws(Fault) {
        let bytes = narrow(rows, to: shape.type)
        unsafe try append(raw: bytes.span.bytes)
    }

    /// Appends complete rows [B×D] of the file's type.
    ///
    /// - Throws: `badData` for a value that is not finite.
    public mutating func append(raw rows: RawSpan) throws(Fault) {
        precondition(rows.byteCount.isMultiple(of: shape.rowBytes), "\(rows.byteCount) bytes are not complete rows")
        precondition(written + pending.count + rows.byteCount <= shape.byteCount, "more than \(shape.count) items")
        var start = 0
        while start < rows.byteCount {
            let space = shape.blockBytes - pending.count
            let piece = rows.extracting(start ..< min(start + space, rows.byteCount))
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
            let row = shape.name(ofRow: (written / shape.type.width + index) / shape.width)
            let isNarrow = shape.type == .float16
            throw .badData(
                file.path,
                found: "a value that is infinite or not a number\(isNarrow ? " (or above 65504)" : "") in \(row)",
                expected: "finite features",
                remedy: isNarrow
                    ? "correct the source, or store float32 if the value is too large" : "correct the source")
        }
        sums.append(checksum(block))
        hasher.update(block)
        try file.write(block, at: offset + written)
        written += block.byteCount
    }

    /// Adds the items' tables and the origin of the features, seals the file, and moves it to its path.
    ///
    /// - Throws: `badData` for a label out of range, and errors of writing. An existing file is unchanged then.
    public consuming func commit(_ items: PartItems, provenance: Provenance) throws(Fault) {
        precondition(part != .text, "text features are committed with prompts")
        let tables = try items.tables(count: shape.count, path: file.path)
        try finish(SideData(part, isNormalized: isNormalized, provenance, tables, path: file.path))
    }

    /// Adds the encoded prompts [C×P], their kinds [P], and the class names [C] as ``commit(_:provenance:)`` does.
    ///
    /// - Throws: errors of writing. An existing file is unchanged then.
    public consuming func commit(
        prompts: [[String]], kinds: [PromptKind], classes: [String], provenance: Provenance
    ) throws(Fault) {
        precondition(part == .text, "features of items are committed with labels")
        precondition(
            classes.count == shape.count && prompts.count == shape.count && kinds.count == shape.views
                && prompts.allSatisfy { $0.count == shape.views }, "prompts of another shape")
        let tables = [
            try SideTable("prompts", prompts.flatMap(\.self), shape: [shape.count, shape.views], path: file.path),
            try SideTable("kinds", kinds.map(\.rawValue), path: file.path),
            try SideTable("classes", classes, path: file.path),
        ]
        try finish(SideData(part, isNormalized: isNormalized, provenance, tables, path: file.path))
    }

    /// Seals the file with tables that are already checked.
    consuming func finish(_ side: SideData, expecting digests: [String: Digest]? = nil) throws(Fault) {
        try flush()
        precondition(written == shape.byteCount, "\(written) of \(shape.byteCount) bytes were appended")
        let sealed = Seal.Payload(name: "features", offset: offset, size: written, block: shape.blockBytes)
        let digest = hasher.finish()
        let file = file
        if let digests, digests != side.digests.merging(["features": digest], uniquingKeysWith: { $1 }) {
            throw .damaged(file.path, "content that does not match its digests")
        }
        try Assembly.finish(file, .piece(.init(sealed: sealed, sums: sums)), digest, side)
        try file.publish()
    }
}

extension Fault {
    static func invalidLabel(_ label: Int32, of item: Int, classes: Int, _ path: String) -> Fault {
        .badData(
            path, found: "label \(label) in row \(item)", expected: "0 to \(classes - 1)",
            remedy: "correct the labels or the class names")
    }
}

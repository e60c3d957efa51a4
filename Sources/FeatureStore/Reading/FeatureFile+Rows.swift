public import Core
internal import Glibc

extension FeatureFile {
    /// Gathers one view of some items, widened.
    ///
    /// - Parameters:
    ///   - rows: which items, each in 0 ..< N [B].
    ///   - view: which view of them, in 0 ..< V.
    ///   - values: takes the raw rows [B×D].
    /// - Throws: `badData` where bytes are damaged or a value is not finite.
    public func read(rows: [Int], view: Int, into values: inout [Float]) throws(Fault) {
        try read(rows: rows, views: view ..< view + 1, into: &values)
    }

    /// Gathers some views of some items, widened; a packed file unpacks each chunk once.
    ///
    /// - Parameters:
    ///   - rows: which items, each in 0 ..< N [B].
    ///   - views: which views of them, inside 0 ..< V.
    ///   - values: takes the raw rows [B×views×D].
    /// - Throws: `badData` where bytes are damaged or a value is not finite.
    public func read(rows: [Int], views: Range<Int>, into values: inout [Float]) throws(Fault) {
        try read(ViewSelection(.list(rows), views: views, of: layout.shape), into: &values)
    }

    /// Reads one view of consecutive items, widened.
    ///
    /// - Parameters:
    ///   - block: which items, inside 0 ..< N.
    ///   - view: which view of them, in 0 ..< V.
    ///   - values: takes the raw rows [B×D].
    /// - Throws: `badData` where bytes are damaged or a value is not finite.
    public func read(block: Range<Int>, view: Int, into values: inout [Float]) throws(Fault) {
        try read(block: block, views: view ..< view + 1, into: &values)
    }

    /// Reads some views of consecutive items, widened; a packed file unpacks each chunk once.
    ///
    /// - Parameters:
    ///   - block: which items, inside 0 ..< N.
    ///   - views: which views of them, inside 0 ..< V.
    ///   - values: takes the raw rows [B×views×D].
    /// - Throws: `badData` where bytes are damaged or a value is not finite.
    public func read(block: Range<Int>, views: Range<Int>, into values: inout [Float]) throws(Fault) {
        try read(ViewSelection(.block(block), views: views, of: layout.shape), into: &values)
    }

    /// Lets go of the memory that holds a hot file's items, so that streaming a large file takes none.
    public func release(_ block: Range<Int>) {
        guard let offset = layout.offset, !block.isEmpty else { return }
        let itemBytes = layout.shape.itemBytes
        mapping.release(offset + block.lowerBound * itemBytes ..< offset + block.upperBound * itemBytes)
    }

    private func read(_ selection: ViewSelection, into values: inout [Float]) throws(Fault) {
        // What the list of a virtual file claims is compared with its parts before there is room for it.
        try parts?.require(selection)
        values.resize(to: selection.count * width)
        guard selection.count > 0 else { return }
        if let parts {
            try parts.read(selection, into: &values)
        } else if isPacked {
            try unpack(selection, into: &values)
        } else {
            try check(selection)
            try gather(selection, into: &values)
        }
    }

    /// Compares what a selection touches with its checksums.
    private func check(_ selection: ViewSelection) throws(Fault) {
        let rowsPerBlock = layout.shape.blockBytes / layout.shape.rowBytes
        switch selection.items {
        case .block:
            let blocks = selection.row(0) / rowsPerBlock ... selection.row(selection.count - 1) / rowsPerBlock
            try checks.check("features", blocks, in: mapping.bytes)
        case .list:
            let blocks = (0 ..< selection.count).map { selection.row($0) / rowsPerBlock }
            try checks.check("features", blocks, in: mapping.bytes)
        }
    }

    /// Widens rows of a hot file whose bytes are checked.
    private func gather(_ selection: ViewSelection, into values: inout [Float]) throws(Fault) {
        guard let offset = layout.offset else { return }
        let (shape, count) = (layout.shape, selection.count)
        let bytes = mapping.bytes.extracting(offset ..< offset + shape.byteCount)
        try unsafe bytes.withUnsafeBytes { source throws(Fault) in
            try unsafe values.withUnsafeMutableBufferPointer { target throws(Fault) in
                guard let source = source.baseAddress, let target = target.baseAddress else { return }
                func widenRows(_ range: Range<Int>) throws(Fault) {
                    for index in range {
                        let row = selection.row(index)
                        let isFinite = unsafe widen(
                            source + row * shape.rowBytes, shape.type, count: shape.width,
                            into: target + index * shape.width)
                        guard isFinite else { throw .nonFinite(path, shape.place(ofRow: row)) }
                    }
                }
                // Below a MiB a second core costs more than it gives.
                let rowsPerPiece = max(1, Seal.piece / shape.rowBytes)
                guard count > 2 * rowsPerPiece else { return try widenRows(0 ..< count) }
                try inParallel((count - 1) / rowsPerPiece + 1) { piece throws(Fault) in
                    try widenRows(piece * rowsPerPiece ..< min((piece + 1) * rowsPerPiece, count))
                }
            }
        }
    }
}

extension Fault {
    static func nonFinite(_ path: String, _ place: String) -> Fault {
        .badData(
            path, found: "a value that is infinite or not a number in \(place)", expected: "finite features",
            remedy: "make the features again")
    }
}

extension [Float] {
    /// Makes room for `count` values that the caller writes before anything reads them.
    mutating func resize(to count: Int) {
        guard self.count != count else { return }
        self = unsafe [Float](unsafeUninitializedCapacity: count) { buffer, used in
            // Filling here would touch every page on one core; large pages make the first touch cheap.
            unsafe adviseLargePages(UnsafeMutableRawBufferPointer(buffer))
            used = count
        }
    }
}

/// Asks for large pages behind memory that is about to be written.
private func adviseLargePages(_ memory: UnsafeMutableRawBufferPointer) {
    let page = 2 << 20
    guard let base = memory.baseAddress, memory.count >= 2 * page else { return }
    let lead = Int(bitPattern: base) % 4096
    unsafe madvise(base - lead, memory.count + lead, MADV_HUGEPAGE)
}

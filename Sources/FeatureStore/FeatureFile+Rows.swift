public import Artifacts
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
        precondition((0 ..< views).contains(view), "view \(view) of \(views)")
        precondition(rows.allSatisfy { (0 ..< count).contains($0) }, "a row outside 0 ..< \(count)")
        values.resize(to: rows.count * width)
        if isPacked {
            try unpack(rows: rows, view: view, into: &values)
        } else {
            try check(rows.map { checkedBlock(of: $0, view) })
            try gather(rows.count, view, into: &values) { rows[$0] }
        }
    }

    /// Reads one view of consecutive items, widened.
    ///
    /// - Parameters:
    ///   - block: which items, inside 0 ..< N.
    ///   - view: which view of them, in 0 ..< V.
    ///   - values: takes the raw rows [B×D].
    /// - Throws: `badData` where bytes are damaged or a value is not finite.
    public func read(block: Range<Int>, view: Int, into values: inout [Float]) throws(Fault) {
        precondition((0 ..< views).contains(view), "view \(view) of \(views)")
        precondition(block.lowerBound >= 0 && block.upperBound <= count, "items \(block) of \(count)")
        values.resize(to: block.count * width)
        if isPacked {
            try unpack(block: block, view: view, into: &values)
        } else {
            guard !block.isEmpty else { return }
            try check(checkedBlock(of: block.lowerBound, view) ..< checkedBlock(of: block.upperBound - 1, view) + 1)
            try gather(block.count, view, into: &values) { block.lowerBound + $0 }
        }
    }

    /// Lets go of the memory that holds a hot file's items, so that streaming a large file takes none.
    public func release(_ block: Range<Int>) {
        guard let offset = layout.offset, !block.isEmpty else { return }
        let itemBytes = layout.shape.itemBytes
        mapping.release(offset + block.lowerBound * itemBytes ..< offset + block.upperBound * itemBytes)
    }

    /// Which checksum covers a row.
    private func checkedBlock(of item: Int, _ view: Int) -> Int {
        (item * views + view) / (layout.shape.blockBytes / layout.shape.rowBytes)
    }

    private func check(_ blocks: some Sequence<Int>) throws(Fault) {
        try checks.check("features", blocks, in: mapping.bytes)
    }

    /// Widens rows of a hot file whose bytes are checked: `item(0) ... item(count - 1)`.
    private func gather(
        _ count: Int, _ view: Int, into values: inout [Float], _ item: (Int) -> Int
    ) throws(Fault) {
        guard let offset = layout.offset else { return }
        let shape = layout.shape
        let bytes = mapping.bytes.extracting(offset ..< offset + shape.byteCount)
        try unsafe bytes.withUnsafeBytes { source throws(Fault) in
            try unsafe values.withUnsafeMutableBufferPointer { target throws(Fault) in
                guard let source = source.baseAddress, let target = target.baseAddress else { return }
                func widenRows(_ range: Range<Int>) throws(Fault) {
                    for index in range {
                        let row = item(index) * shape.views + view
                        let isFinite = unsafe widen(
                            source + row * shape.rowBytes, shape.type, count: shape.width,
                            into: target + index * shape.width)
                        guard isFinite else { throw .nonFinite(path, shape.place(ofValue: row * shape.width)) }
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

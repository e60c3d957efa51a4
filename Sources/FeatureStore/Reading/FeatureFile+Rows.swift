public import Core
internal import Glibc

extension FeatureFile {
    /// Reads one view of the given items [B×D], like ``read(rows:views:into:)``.
    public func read(rows: [Int], view: Int, into values: inout [Float]) throws(Fault) {
        try read(rows: rows, views: view ..< view + 1, into: &values)
    }

    /// Reads several views of the items with the indices `rows` as float32 [B×views×D].
    ///
    /// - Throws: `badData` if bytes are damaged or a value is not finite.
    public func read(rows: [Int], views: Range<Int>, into values: inout [Float]) throws(Fault) {
        try read(ViewSelection(.list(rows), views: views, of: layout.shape), into: &values)
    }

    /// Reads one view of consecutive items [B×D], like ``read(block:views:into:)``.
    public func read(block: Range<Int>, view: Int, into values: inout [Float]) throws(Fault) {
        try read(block: block, views: view ..< view + 1, into: &values)
    }

    /// Reads several views of consecutive items as float32 [B×views×D]; see ``read(rows:views:into:)``.
    ///
    /// - Throws: `badData` if bytes are damaged or a value is not finite.
    public func read(block: Range<Int>, views: Range<Int>, into values: inout [Float]) throws(Fault) {
        try read(ViewSelection(.block(block), views: views, of: layout.shape), into: &values)
    }

    /// Releases the memory pages of a mapped file's items, so that streaming a large file does not fill memory.
    public func release(_ block: Range<Int>) {
        guard let offset = layout.offset, !block.isEmpty else { return }
        let itemBytes = layout.shape.itemBytes
        mapping.release(offset + block.lowerBound * itemBytes ..< offset + block.upperBound * itemBytes)
    }

    private func read(_ selection: ViewSelection, into values: inout [Float]) throws(Fault) {
        if let sources { return try sources.read(selection, into: &values) }
        values.resize(to: selection.count * width)
        guard selection.count > 0 else { return }
        if isCompressed {
            try decompress(selection, into: &values)
        } else {
            try check(selection)
            try gather(selection, into: &values)
        }
    }

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

    /// Converts verified rows of a mapped file to float32.
    private func gather(_ selection: ViewSelection, into values: inout [Float]) throws(Fault) {
        guard let offset = layout.offset else { return }
        let shape = layout.shape
        let count = selection.count
        let bytes = mapping.bytes.extracting(offset ..< offset + shape.byteCount)
        try unsafe bytes.withUnsafeBytes { source throws(Fault) in
            try unsafe values.withUnsafeMutableBufferPointer { target throws(Fault) in
                guard let source = source.baseAddress, let target = target.baseAddress else { return }
                func convertRows(_ range: Range<Int>) throws(Fault) {
                    for index in range {
                        let row = selection.row(index)
                        let isFinite = unsafe widen(
                            source + row * shape.rowBytes, shape.type, count: shape.width,
                            into: target + index * shape.width)
                        guard isFinite else { throw .nonFinite(path, shape.name(ofRow: row)) }
                    }
                }
                // Below two pieces, a second thread costs more time than it saves.
                let rowsPerPiece = max(1, Seal.piece / shape.rowBytes)
                guard count > 2 * rowsPerPiece else { return try convertRows(0 ..< count) }
                try Parallel.forEach((count - 1) / rowsPerPiece + 1) { piece throws(Fault) in
                    try convertRows(piece * rowsPerPiece ..< min((piece + 1) * rowsPerPiece, count))
                }
            }
        }
    }
}

extension Fault {
    static func nonFinite(_ path: String, _ row: String) -> Fault {
        .badData(
            path, found: "a value that is infinite or not a number in \(row)", expected: "finite features",
            remedy: "build the features again")
    }
}

extension [Float] {
    /// Resizes the array to `count` uninitialized values, which the caller must write before reading.
    mutating func resize(to count: Int) {
        guard self.count != count else { return }
        self = unsafe [Float](unsafeUninitializedCapacity: count) { buffer, used in
            // Initializing here would touch every page on one thread. Large pages make the first access cheap.
            unsafe adviseLargePages(UnsafeMutableRawBufferPointer(buffer))
            used = count
        }
    }
}

/// Requests large pages for memory that is about to be written.
private func adviseLargePages(_ memory: UnsafeMutableRawBufferPointer) {
    let page = 2 << 20
    guard let base = memory.baseAddress, memory.count >= 2 * page else { return }
    let lead = Int(bitPattern: base) % 4096
    unsafe madvise(base - lead, memory.count + lead, MADV_HUGEPAGE)
}

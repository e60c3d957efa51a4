package import Core

extension FeatureFile {
    /// Streams the raw, verified features [B×V×D] in order, in pieces of some MiB and, but the last, `multiple` items.
    ///
    /// - Throws: `badData` if bytes are damaged, and errors of `body`.
    package func forEachPiece(
        multipleOf multiple: Int = 1, _ body: (Range<Int>, RawSpan) throws(Fault) -> Void
    ) throws(Fault) {
        let itemBytes = layout.shape.itemBytes
        if let sources { return try sources.forEachPiece(multipleOf: multiple, body) }
        let unit = isCompressed ? layout.chunkItems * multiple : multiple
        let items = unit * max(1, (16 << 20) / (unit * itemBytes))
        var start = 0
        var buffer: [UInt8] = []
        while start < count {
            let range = start ..< min(start + items, count)
            if let offset = layout.offset {
                let bytes = range.lowerBound * itemBytes ..< range.upperBound * itemBytes
                let block = layout.shape.blockBytes
                try checks.check(
                    "features", bytes.lowerBound / block ..< (bytes.upperBound - 1) / block + 1, in: mapping.bytes)
                try body(range, mapping.bytes.extracting(offset + bytes.lowerBound ..< offset + bytes.upperBound))
                release(range)
            } else {
                try decompress(range, into: &buffer)
                unsafe try body(range, buffer.span.bytes)
            }
            start = range.upperBound
        }
    }

    /// Verifies every block of the file.
    ///
    /// - Throws: `badData` for the first damaged block.
    package func checkEveryByte() throws(Fault) {
        try forEachPiece { _, _ throws(Fault) in }
        _ = try sideData()
    }

    /// Decompresses complete chunks on all threads, without the padding of the last one.
    private func decompress(_ items: Range<Int>, into buffer: inout [UInt8]) throws(Fault) {
        let itemBytes = layout.shape.itemBytes
        if buffer.count != items.count * itemBytes { buffer = Array(repeating: 0, count: items.count * itemBytes) }
        let first = items.lowerBound / layout.chunkItems
        let last = (items.upperBound - 1) / layout.chunkItems
        try unsafe buffer.withUnsafeMutableBufferPointer { target throws(Fault) in
            let target = UnsafeMutableRawBufferPointer(target)
            try Parallel.forEach(last - first + 1, workspace: { ChunkDecoder(chunkBytes: chunkBytes) }) {
                index, decoder throws(Fault) in
                let bytes = try compressedChunk(first + index)
                let start = index * chunkBytes
                let end = min(start + chunkBytes, target.count)
                try unsafe decoder.decode(bytes, elementWidth: type.width, path: path) { raw throws(Fault) in
                    unsafe target[start ..< end].copyBytes(from: raw[..<(end - start)])
                }
            }
        }
    }

    /// Reads and verifies everything besides the features.
    func sideData() throws(Fault) -> SideData {
        for name in Assembly.lazyTables { try checks.check(name, in: mapping.bytes) }
        let tables = FeatureLayout.allTableNames(part).compactMap { name in
            layout.tables[name].map { table in
                let bytes: [UInt8] = mapping.bytes.extracting(table.range).array()
                return SideTable(name: name, type: table.type, shape: table.shape, bytes: bytes)
            }
        }
        return SideData(
            part: part, isNormalized: isNormalized, provenanceLine: layout.provenanceLine, tables: tables)
    }
}

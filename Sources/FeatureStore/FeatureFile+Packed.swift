internal import Artifacts
internal import CZstd

/// Memory for one chunk and the decompressor that fills it, one a core.
@safe struct ChunkDecoder: ~Copyable {
    private let context: OpaquePointer?
    private let planes: UnsafeMutableRawBufferPointer
    private let values: UnsafeMutableRawBufferPointer

    init(chunkBytes: Int) {
        unsafe context = ZSTD_createDCtx()
        unsafe planes = .allocate(byteCount: chunkBytes, alignment: 64)
        unsafe values = .allocate(byteCount: chunkBytes, alignment: 64)
    }

    deinit {
        unsafe ZSTD_freeDCtx(context)
        unsafe planes.deallocate()
        unsafe values.deallocate()
    }

    /// Decompresses one chunk and lends its raw values.
    mutating func decode<Value>(
        _ chunk: RawSpan, elementWidth: Int, path: String, _ body: (UnsafeRawBufferPointer) throws(Fault) -> Value
    ) throws(Fault) -> Value {
        let size = unsafe chunk.withUnsafeBytes { source in
            unsafe ZSTD_decompressDCtx(context, planes.baseAddress, planes.count, source.baseAddress, source.count)
        }
        guard ZSTD_isError(size) == 0, unsafe size == planes.count else {
            throw .damaged(path, "a chunk that does not unpack")
        }
        unsafe unshuffle(UnsafeRawBufferPointer(planes), elementWidth: elementWidth, into: values)
        return try unsafe body(UnsafeRawBufferPointer(values))
    }
}

extension FeatureFile {
    /// Bytes of a whole chunk, unpacked; the last one is padded.
    var chunkBytes: Int { layout.chunkItems * layout.shape.itemBytes }

    /// Unpacks the chunks that hold `block` on all cores and widens one view of it.
    func unpack(block: Range<Int>, view: Int, into values: inout [Float]) throws(Fault) {
        guard !block.isEmpty else { return }
        let items = layout.chunkItems
        let chunks = Array(block.lowerBound / items ... (block.upperBound - 1) / items)
        try unpack(chunks, into: &values) { chunk, widenRow throws(Fault) in
            let first = chunk * items
            for item in max(first, block.lowerBound) ..< min(first + items, block.upperBound) {
                try widenRow((item - first, view, item - block.lowerBound))
            }
        }
    }

    /// Unpacks the chunks that hold `rows` on all cores and widens one view of them.
    func unpack(rows: [Int], view: Int, into values: inout [Float]) throws(Fault) {
        let items = layout.chunkItems
        let wanted = Dictionary(grouping: rows.indices) { rows[$0] / items }
        try unpack(wanted.keys.sorted(), into: &values) { chunk, widenRow throws(Fault) in
            for index in wanted[chunk] ?? [] { try widenRow((rows[index] - chunk * items, view, index)) }
        }
    }

    /// Calls `body` for each chunk with a function that widens one of its rows to a row of `values`.
    private func unpack(
        _ chunks: [Int], into values: inout [Float],
        _ body: (Int, ((item: Int, view: Int, row: Int)) throws(Fault) -> Void) throws(Fault) -> Void
    ) throws(Fault) {
        let shape = layout.shape
        try unsafe values.withUnsafeMutableBufferPointer { target throws(Fault) in
            guard let target = target.baseAddress else { return }
            try inParallel(chunks.count, workspace: { ChunkDecoder(chunkBytes: chunkBytes) }) {
                index, decoder throws(Fault) in
                let chunk = chunks[index]
                let packed = mapping.bytes.extracting(layout.chunks[chunk])
                try unsafe decoder.decode(packed, elementWidth: shape.type.width, path: path) { raw throws(Fault) in
                    guard let source = raw.baseAddress else { return }
                    try body(chunk) { place throws(Fault) in
                        let row = place.item * shape.views + place.view
                        let isFinite = unsafe widen(
                            source + row * shape.rowBytes, shape.type, count: shape.width,
                            into: target + place.row * shape.width)
                        let value = (chunk * layout.chunkItems * shape.views + row) * shape.width
                        guard isFinite else { throw .nonFinite(path, shape.place(ofValue: value)) }
                    }
                }
            }
        }
    }
}

internal import CZstd
internal import Core

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

    /// The compressed bytes of a chunk, checked.
    @_lifetime(borrow self)
    borrowing func packedChunk(_ chunk: Int) throws(Fault) -> RawSpan {
        try checks.check("features", CollectionOfOne(chunk), in: mapping.bytes)
        return mapping.bytes.extracting(seal.chunkRanges[chunk])
    }

    /// Unpacks the chunks that hold a selection on all threads, each once, and widens its rows.
    func unpack(_ selection: ViewSelection, into values: inout [Float]) throws(Fault) {
        let (shape, items, views) = (layout.shape, layout.chunkItems, selection.views.count)
        let chunks = selection.places(inRunsOf: items)
        try unsafe values.withUnsafeMutableBufferPointer { target throws(Fault) in
            guard let target = target.baseAddress else { return }
            try Parallel.forEach(chunks.count, workspace: { ChunkDecoder(chunkBytes: chunkBytes) }) {
                index, decoder throws(Fault) in
                let (chunk, places) = chunks[index]
                let packed = try packedChunk(chunk)
                try unsafe decoder.decode(packed, elementWidth: shape.type.width, path: path) { raw throws(Fault) in
                    guard let source = raw.baseAddress else { return }
                    for place in places {
                        for index in place * views ..< (place + 1) * views {
                            let row = selection.row(index)
                            let isFinite = unsafe widen(
                                source + (row - chunk * items * shape.views) * shape.rowBytes, shape.type,
                                count: shape.width, into: target + index * shape.width)
                            guard isFinite else { throw .nonFinite(path, shape.place(ofRow: row)) }
                        }
                    }
                }
            }
        }
    }
}

internal import CZstd
internal import Core

/// A zstd decompressor with memory for one chunk; one per thread.
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

    /// Decompresses a chunk and calls `body` with its raw values.
    mutating func decode<Value>(
        _ chunk: RawSpan, elementWidth: Int, path: String, _ body: (UnsafeRawBufferPointer) throws(Fault) -> Value
    ) throws(Fault) -> Value {
        let size = unsafe chunk.withUnsafeBytes { source in
            unsafe ZSTD_decompressDCtx(context, planes.baseAddress, planes.count, source.baseAddress, source.count)
        }
        guard ZSTD_isError(size) == 0, unsafe size == planes.count else {
            throw .damaged(path, "a chunk that cannot be decompressed")
        }
        unsafe unshuffle(UnsafeRawBufferPointer(planes), elementWidth: elementWidth, into: values)
        return try unsafe body(UnsafeRawBufferPointer(values))
    }
}

extension FeatureFile {
    /// The decompressed size of a chunk in bytes; the last chunk is padded.
    var chunkBytes: Int { layout.chunkItems * layout.shape.itemBytes }

    @_lifetime(borrow self)
    borrowing func compressedChunk(_ chunk: Int) throws(Fault) -> RawSpan {
        try checks.check("features", CollectionOfOne(chunk), in: mapping.bytes)
        return mapping.bytes.extracting(seal.chunkRanges[chunk])
    }

    /// Decompresses the chunks of a selection on all threads, each once, and converts its rows to float32.
    func decompress(_ selection: ViewSelection, into values: inout [Float]) throws(Fault) {
        let shape = layout.shape
        let items = layout.chunkItems
        let views = selection.views.count
        let chunks = selection.positions(perRunOf: items)
        try unsafe values.withUnsafeMutableBufferPointer { target throws(Fault) in
            guard let target = target.baseAddress else { return }
            try Parallel.forEach(chunks.count, workspace: { ChunkDecoder(chunkBytes: chunkBytes) }) {
                index, decoder throws(Fault) in
                let (chunk, positions) = chunks[index]
                let bytes = try compressedChunk(chunk)
                try unsafe decoder.decode(bytes, elementWidth: shape.type.width, path: path) { raw throws(Fault) in
                    guard let source = raw.baseAddress else { return }
                    for position in positions {
                        for index in position * views ..< (position + 1) * views {
                            let row = selection.row(index)
                            let isFinite = unsafe widen(
                                source + (row - chunk * items * shape.views) * shape.rowBytes, shape.type,
                                count: shape.width, into: target + index * shape.width)
                            guard isFinite else { throw .nonFinite(path, shape.name(ofRow: row)) }
                        }
                    }
                }
            }
        }
    }
}

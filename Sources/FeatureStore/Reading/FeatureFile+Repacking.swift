internal import CZstd
public import Core

extension FeatureFile {
    /// Writes a compressed copy: chunks of complete items, byte-shuffled and compressed by zstd on all threads.
    ///
    /// `path` may be the file's own path; the complete copy then replaces the file.
    ///
    /// - Throws: `badData` if the file is damaged, and errors of writing. An existing file is unchanged then.
    public func pack(to path: String, _ progress: Progress = { _, _ in }) throws(Fault) {
        let output = try PublishedFile(path)
        let side = try sideData()
        let chunks = try writeChunks(output, progress)
        guard let digest = seal.digests["features"] else { return }
        try Assembly.finish(output, chunks, digest, side)
        try output.publish()
    }

    private func writeChunks(
        _ output: borrowing PublishedFile, _ progress: Progress
    ) throws(Fault) -> Assembly.Features {
        let shape = layout.shape
        let path = output.path
        let temporary = output.temporaryPath
        try output.reserve(Seal.piece)
        // Chunks need no alignment, because they are not memory-mapped.
        let file = try HDF5.at(path, .inputOutput) { () throws(HDF5Error) in
            try HDF5File(creating: temporary, alignment: 1)
        }
        let dataset = try HDF5.at(path, .inputOutput) { () throws(HDF5Error) in
            let chunk = [shape.chunkItems, views, width]
            return try Dataset(creating: "features", in: file, type.datatype, shape: shape.extents, .chunks(chunk))
        }
        let chunks = try writeChunks(to: dataset, of: output, progress)
        let addresses: [Int]
        do throws(HDF5Error) {
            try file.flush()
            addresses = try chunks.sizes.indices.map { index throws(HDF5Error) in
                try dataset.address(ofChunk: [index * shape.chunkItems, 0, 0]) ?? 0
            }
            try dataset.close()
            try file.close()
        } catch { throw error.fault(path, .inputOutput) }
        let written = try MappedFile(path: temporary)
        guard let start = chunks.first?.start(addresses[0], in: written.bytes) else {
            throw .damaged(path, "chunks without an offset")
        }
        let shift = start - addresses[0]
        let ranges = zip(addresses, chunks.sizes).map { $0 + shift ..< $0 + shift + $1 }
        let end = ranges.map(\.upperBound).max() ?? 0
        guard shape.isPlausible(fileBytes: end) else {
            throw .badData(
                self.path, found: "features that compress from \(shape.byteCount) to \(end) bytes",
                expected: "features of an encoder, which compress by at most a factor of 1024",
                remedy: "keep the uncompressed file")
        }
        return .chunks(ranges, sums: chunks.sums)
    }

    /// Compresses all items and returns the first chunk and each chunk's checksum and byte count.
    private func writeChunks(
        to dataset: borrowing Dataset, of output: borrowing PublishedFile, _ progress: Progress
    ) throws(Fault) -> (first: CompressedChunk?, sums: [UInt64], sizes: [Int]) {
        let path = output.path
        var written: (first: CompressedChunk?, sums: [UInt64], sizes: [Int]) = (nil, [], [])
        var end = HDF5File.userBlock
        try forEachPiece(multipleOf: layout.shape.chunkItems) { items, bytes throws(Fault) in
            if items.lowerBound == 0 { try progress(0, count) }
            let chunks = try CompressedChunk.compress(bytes, layout.shape)
            // HDF5 must not run into a full disk, because it could not close the file.
            end += chunks.reduce(0) { $0 + $1.bytes.count + 512 }
            try output.reserve(end + Seal.piece)
            for (index, chunk) in chunks.enumerated() {
                try HDF5.at(path, .inputOutput) { () throws(HDF5Error) in
                    unsafe try dataset.write(
                        chunk: chunk.bytes.span.bytes, at: [items.lowerBound + index * layout.shape.chunkItems, 0, 0])
                }
                written.sums.append(unsafe checksum(chunk.bytes.span.bytes))
                written.sizes.append(chunk.bytes.count)
            }
            written.first = written.first ?? chunks.first
            try progress(items.upperBound, count)
        }
        return written
    }

    /// Writes an uncompressed copy, which equals the file before compression byte for byte.
    ///
    /// `path` may be the file's own path; the complete copy then replaces the file.
    ///
    /// - Throws: `badData` if the file is damaged, and errors of writing. An existing file is unchanged then.
    public func unpack(to path: String, _ progress: Progress = { _, _ in }) throws(Fault) {
        var writer = try FeatureWriter(
            path: path, part: part, shape: layout.shape)
        try forEachPiece { items, bytes throws(Fault) in
            if items.lowerBound == 0 { try progress(0, count) }
            try writer.append(raw: bytes)
            try progress(items.upperBound, count)
        }
        try writer.finish(sideData(), expecting: seal.digests)
    }
}

/// A compressed chunk of items.
struct CompressedChunk {
    let bytes: [UInt8]

    /// The compression level of zstd; higher levels take several times as long and save one percent on features.
    static let level: UInt32 = 3

    /// Shuffles and compresses complete chunks on all threads; the last one is padded with zeros.
    static func compress(_ bytes: RawSpan, _ shape: FeatureShape) throws(Fault) -> [CompressedChunk] {
        let chunkBytes = shape.chunkItems * shape.itemBytes
        var chunks = [CompressedChunk](
            repeating: CompressedChunk(bytes: []), count: (bytes.byteCount - 1) / chunkBytes + 1)
        try unsafe chunks.withUnsafeMutableBufferPointer { chunks throws(Fault) in
            try unsafe bytes.withUnsafeBytes { source throws(Fault) in
                try Parallel.forEach(chunks.count) { index throws(Fault) in
                    let rest = unsafe source[(index * chunkBytes)...].prefix(chunkBytes)
                    unsafe chunks[index] = compress(UnsafeRawBufferPointer(rebasing: rest), chunkBytes, shape.type)
                }
            }
        }
        return chunks
    }

    private static func compress(_ raw: UnsafeRawBufferPointer, _ size: Int, _ type: FeatureType) -> CompressedChunk {
        var padded: [UInt8] = []
        if raw.count < size { padded = unsafe Array(raw) + Array(repeating: 0, count: size - raw.count) }
        let planes = unsafe [UInt8](unsafeUninitializedCapacity: size) { target, used in
            used = size
            let target = UnsafeMutableRawBufferPointer(target)
            unsafe padded.withUnsafeBytes { padded in
                unsafe shuffle(padded.isEmpty ? raw : padded, elementWidth: type.width, into: target)
            }
        }
        let bound = ZSTD_compressBound(size)
        let compressed = unsafe [UInt8](unsafeUninitializedCapacity: bound) { target, used in
            used = unsafe ZSTD_compress(target.baseAddress, bound, planes, size, Int32(level))
            precondition(ZSTD_isError(used) == 0, "zstd failed at level \(level)")
        }
        return CompressedChunk(bytes: compressed)
    }

    /// Finds the chunk's byte offset, because versions of HDF5 differ in whether an address includes the user block.
    func start(_ address: Int, in file: RawSpan) -> Int? {
        [HDF5File.userBlock, 0].map { address + $0 }.first { file.holds(bytes, at: $0) }
    }
}

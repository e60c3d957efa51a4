internal import CZstd
public import Core

extension FeatureFile {
    /// Writes the cold copy: chunks of whole items, byte-shuffled and compressed with zstd on all cores.
    ///
    /// `path` may be the file's own: the copy replaces it when it is complete.
    ///
    /// - Throws: `badData` where the file is damaged; what writing throws. The path then holds what it held.
    public func pack(to path: String, _ progress: Progress = { _, _ in }) throws(Fault) {
        let output = try PublishedFile(path)
        let rest = try accompaniment()
        let chunks = try writeChunks(output, progress)
        guard layout.shape.mayUnpack(from: chunks.end) else {
            throw .badData(
                self.path, found: "\(layout.shape.byteCount) bytes of features that shrink to \(chunks.end)",
                expected: "an encoder's, which shrink a little", remedy: "leave it as it is")
        }
        guard let digest = seal.digests["features"] else { return }
        try Assembly.finish(output, chunks, digest, rest)
        try output.publish()
    }

    /// Creates the HDF5 file with its chunks.
    private func writeChunks(
        _ output: borrowing PublishedFile, _ progress: Progress
    ) throws(Fault) -> Assembly.Features {
        let (shape, path, temporary) = (layout.shape, output.path, output.temporaryPath)
        var (first, sums, sizes): (PackedChunk?, [UInt64], [Int]) = (nil, [], [])
        var end = HDF5File.userBlock
        try output.reserve(Seal.piece)
        // Chunks are not mapped, so that they can lie close together.
        let file = try HDF5.at(path, .inputOutput) { () throws(HDF5Error) in
            try HDF5File(creating: temporary, alignment: 1)
        }
        let dataset = try HDF5.at(path, .inputOutput) { () throws(HDF5Error) in
            try Dataset(
                creating: "features", in: file, type.datatype, shape: shape.extents,
                chunk: [shape.chunkItems, views, width], level: PackedChunk.level)
        }
        try forEachPiece(multipleOf: shape.chunkItems) { items, bytes throws(Fault) in
            let chunks = try PackedChunk.compress(bytes, shape)
            // HDF5 must not be what meets a full disk: it would be left with a file that it cannot close.
            end += chunks.reduce(0) { $0 + $1.bytes.count + 512 }
            try output.reserve(end + Seal.piece)
            for (index, chunk) in chunks.enumerated() {
                try HDF5.at(path, .inputOutput) { () throws(HDF5Error) in
                    unsafe try dataset.write(
                        chunk: chunk.bytes.span.bytes, at: [items.lowerBound + index * shape.chunkItems, 0, 0])
                }
                sums.append(unsafe checksum(chunk.bytes.span.bytes))
                sizes.append(chunk.bytes.count)
            }
            first = first ?? chunks.first
            try progress(items.upperBound, count)
        }
        let addresses = try HDF5.at(path, .inputOutput) { () throws(HDF5Error) in
            try file.flush()
            return try sizes.indices.map { index throws(HDF5Error) in
                try dataset.chunk(at: [index * shape.chunkItems, 0, 0])?.address ?? 0
            }
        }
        do throws(HDF5Error) {
            try dataset.close()
            try file.close()
        } catch { throw error.fault(path, .inputOutput) }
        let written = try MappedFile(path: temporary)
        guard let first, let start = first.start(addresses[0], in: written.bytes) else {
            throw .damaged(path, "chunks without a place")
        }
        let shift = start - addresses[0]
        return .chunks(zip(addresses, sizes).map { $0 + shift ..< $0 + shift + $1 }, sums: sums)
    }

    /// Writes the hot file again, byte for byte what was packed.
    ///
    /// `path` may be the file's own: the hot file replaces it when it is complete.
    ///
    /// - Throws: `badData` where the file is damaged; what writing throws. The path then holds what it held.
    public func unpack(to path: String, _ progress: Progress = { _, _ in }) throws(Fault) {
        var writer = try FeatureWriter(
            path: path, part: part, count: count, views: views, width: width, type: type, isNormalized: isNormalized)
        try forEachPiece { items, bytes throws(Fault) in
            try writer.append(raw: bytes)
            try progress(items.upperBound, count)
        }
        try writer.finish(accompaniment(), expecting: seal.digests)
    }
}

/// One compressed chunk.
struct PackedChunk {
    let bytes: [UInt8]

    /// zstd's level: higher ones take several times as long and gain a percent on features.
    static let level: UInt32 = 3

    /// Shuffles and compresses whole chunks on all cores; the last one is padded with zeros.
    static func compress(_ bytes: RawSpan, _ shape: FeatureShape) throws(Fault) -> [PackedChunk] {
        let chunkBytes = shape.chunkItems * shape.itemBytes
        var chunks = [PackedChunk](repeating: PackedChunk(bytes: []), count: (bytes.byteCount - 1) / chunkBytes + 1)
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

    private static func compress(_ raw: UnsafeRawBufferPointer, _ size: Int, _ type: FeatureType) -> PackedChunk {
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
            precondition(ZSTD_isError(used) == 0, "zstd refuses level \(level)")
        }
        return PackedChunk(bytes: compressed)
    }

    /// Where the chunk is in the file, as some versions of HDF5 count from behind the user block.
    func start(_ address: Int, in file: RawSpan) -> Int? {
        [HDF5File.userBlock, 0].map { address + $0 }.first { start in
            guard start + bytes.count <= file.byteCount else { return false }
            let found = file.extracting(start ..< start + bytes.count)
            return unsafe found.withUnsafeBytes { unsafe $0.elementsEqual(bytes) }
        }
    }
}

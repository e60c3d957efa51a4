internal import Artifacts

/// The last steps of a hot file: tables, attributes, checksums, seal.
enum HotAssembly {
    /// A payload with the checksums of its blocks.
    struct Payload {
        var name: String
        var offset: Int
        var size: Int
        var block: Int
        var sums: [UInt64]
    }

    /// Tables that are checked block by block when they are touched; they may be large.
    static let lazyTables: Set<String> = ["labels", "ids"]

    /// Completes the HDF5 file that holds the features already and writes its first page.
    static func finish(
        _ file: borrowing PublishedFile, _ features: Payload, _ digest: Digest, _ rest: Accompaniment
    ) throws(Fault) {
        let (path, temporary) = (file.path, file.temporaryPath)
        // What HDF5 writes beyond the features must not be what meets a full disk.
        try file.reserve(features.offset + features.size + rest.byteEstimate + features.sums.count * 8)
        var payloads = [features]
        let checksums = try HDF5.at(path, .inputOutput) { () throws(HDF5Error) in
            try complete(temporary, &payloads, rest)
        }
        guard let checksums, case .file(let length) = FileKind(at: temporary) else {
            throw .damaged(path, "checksums without a place")
        }
        var seal = Seal(
            form: .hot, length: length,
            payloads: payloads.map { .init(name: $0.name, offset: $0.offset, size: $0.size, block: $0.block) },
            checksums: checksums, digests: rest.digests.merging(["features": digest]) { $1 })
        try seal.close(file)
    }

    /// - Returns: the offset of the checksums; nil if HDF5 gave a dataset no place.
    private static func complete(
        _ path: String, _ payloads: inout [Payload], _ rest: Accompaniment
    ) throws(HDF5Error) -> Int? {
        let file = try HDF5File(opening: path, forWriting: true)
        for table in rest.tables {
            let dataset = try Dataset(creating: table.name, in: file, table.type, shape: table.shape)
            unsafe try dataset.write(table.bytes.span.bytes, table.type)
            guard lazyTables.contains(table.name) else { continue }
            guard let offset = dataset.offset() else { return nil }
            payloads.append(Payload(table, at: offset))
        }
        payloads.sort { $0.offset < $1.offset }
        let sums = payloads.flatMap(\.sums)
        let dataset = try Dataset(creating: "checksums", in: file, .uint64, shape: [sums.count])
        unsafe try dataset.write(sums.span.bytes, .uint64)
        let offset = dataset.offset()
        try rest.writeAttributes(file)
        try file.flush()
        return offset
    }
}

extension HotAssembly.Payload {
    fileprivate init(_ table: SideTable, at offset: Int) {
        let starts = stride(from: 0, to: table.bytes.count, by: table.type.blockBytes)
        let bytes = unsafe table.bytes.span.bytes
        self.init(
            name: table.name, offset: offset, size: table.bytes.count, block: table.type.blockBytes,
            sums: starts.map { checksum(bytes.extracting($0 ..< min($0 + table.type.blockBytes, table.bytes.count))) })
    }
}

extension Seal {
    /// Takes the fingerprint of what was written and writes the first page.
    mutating func close(_ file: borrowing PublishedFile) throws(Fault) {
        let written = try MappedFile(path: file.temporaryPath)
        seal = try fingerprint(of: written.bytes)
        let page = try page(file.path)
        unsafe try file.write(page.span.bytes, at: 0)
    }
}

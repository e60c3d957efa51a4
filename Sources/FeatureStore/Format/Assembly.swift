internal import Core

/// The last steps of a feature file: tables, attributes, checksums, seal.
enum Assembly {
    /// A dataset in one piece, with the checksums of its blocks.
    struct Payload {
        var name: String
        var offset: Int
        var size: Int
        var block: Int
        var sums: [UInt64]

        /// What the first page says of it.
        var sealed: Seal.Payload { .init(name: name, offset: offset, size: size, block: block) }
    }

    /// Where the features are in the file that HDF5 has begun.
    enum Features {
        case piece(Payload)
        case chunks([Range<Int>], sums: [UInt64])
        /// Rows that stay in other feature files.
        case parts([VirtualPart])

        var end: Int {
            switch self {
            case .piece(let payload): payload.offset + payload.size
            case .chunks(let ranges, _): ranges.map(\.upperBound).max() ?? 0
            case .parts(let parts): HDF5File.userBlock + parts.reduce(0) { $0 + $1.line.utf8.count + 512 }
            }
        }

        var sums: [UInt64] {
            switch self {
            case .piece(let payload): payload.sums
            case .chunks(_, let sums): sums
            case .parts: []
            }
        }
    }

    /// Tables that are checked block by block when they are touched; they may be large.
    static let lazyTables: Set<String> = ["labels", "ids", "images", "rows", "part_labels"]

    /// Completes the HDF5 file that holds the features already and writes its first page.
    static func finish(
        _ file: borrowing PublishedFile, _ features: Features, _ digest: Digest, _ rest: Accompaniment
    ) throws(Fault) {
        let (path, temporary) = (file.path, file.temporaryPath)
        // What HDF5 writes beyond the features must not be what meets a full disk.
        try file.reserve(features.end + rest.byteEstimate + features.sums.count * 24)
        var seal = Seal(
            form: .hot, length: 0, payloads: [], checksums: 0,
            digests: rest.digests.merging(["features": digest]) { $1 })
        let tables = try HDF5.at(path, .inputOutput) { () throws(HDF5Error) in
            let file = try HDF5File(continuing: temporary)
            let tables = try complete(file, features, rest, &seal)
            try file.close()
            return tables
        }
        let written = try MappedFile(path: temporary)
        guard let tables else { throw .damaged(path, "a dataset without a place") }
        // The seal would vouch for whatever lies there.
        for table in tables where !table.lies(in: written.bytes) {
            throw Fault(
                .inputOutput, path, found: "other \(table.name) than were written", expected: "the same bytes",
                remedy: "check the disk and try again")
        }
        seal.length = written.byteCount
        seal.seal = try seal.fingerprint(of: written.bytes)
        let page = try seal.page(path)
        unsafe try file.write(page.span.bytes, at: 0)
    }

    /// A table that HDF5 was given, and where it has put it.
    private struct WrittenTable {
        let name: String
        let offset: Int
        let bytes: [UInt8]

        func lies(in file: RawSpan) -> Bool {
            guard offset >= 0, offset <= file.byteCount - bytes.count else { return false }
            let found = file.extracting(offset ..< offset + bytes.count)
            return unsafe found.withUnsafeBytes { unsafe $0.elementsEqual(bytes) }
        }
    }

    /// - Returns: all tables; nil where HDF5 gave one of them no place.
    private static func complete(
        _ file: borrowing HDF5File, _ features: Features, _ rest: Accompaniment, _ seal: inout Seal
    ) throws(HDF5Error) -> [WrittenTable]? {
        var payloads: [Payload] = []
        var written: [WrittenTable] = []
        for table in rest.tables {
            guard let place = try write(table, to: file) else { return nil }
            written.append(place)
            if lazyTables.contains(table.name) { payloads.append(Payload(table, at: place.offset)) }
        }
        var sums: [UInt64] = []
        switch features {
        case .piece(let payload): payloads.append(payload)
        case .chunks(let ranges, let chunkSums):
            sums = chunkSums
            let table = SideTable("chunks", ranges.flatMap { [UInt64($0.lowerBound), UInt64($0.count)] }, columns: 2)
            guard let place = try write(table, to: file) else { return nil }
            written.append(place)
            (seal.form, seal.chunkRanges) = (.packed, ranges)
            seal.chunks = .init(
                offset: place.offset, count: ranges.count,
                checksum: unsafe hexadecimal(checksum(table.bytes.span.bytes)))
        case .parts(let parts):
            guard let place = try write(VirtualPart.table(parts), to: file) else { return nil }
            written.append(place)
            seal.form = .virtual
        }
        payloads.sort { $0.offset < $1.offset }
        seal.payloads = payloads.map(\.sealed)
        guard let place = try write(SideTable("checksums", sums + payloads.flatMap(\.sums)), to: file) else {
            return nil
        }
        written.append(place)
        seal.checksums = place.offset
        try rest.writeAttributes(file)
        try file.flush()
        return written
    }

    private static func write(_ table: SideTable, to file: borrowing HDF5File) throws(HDF5Error) -> WrittenTable? {
        let dataset = try Dataset(creating: table.name, in: file, table.type, shape: table.shape)
        unsafe try dataset.write(table.bytes.span.bytes, table.type)
        let offset = dataset.offset()
        try dataset.close()
        return offset.map { WrittenTable(name: table.name, offset: $0, bytes: table.bytes) }
    }
}

extension Assembly.Payload {
    fileprivate init(_ table: SideTable, at offset: Int) {
        let starts = stride(from: 0, to: table.bytes.count, by: table.type.blockBytes)
        let bytes = unsafe table.bytes.span.bytes
        self.init(
            name: table.name, offset: offset, size: table.bytes.count, block: table.type.blockBytes,
            sums: starts.map { checksum(bytes.extracting($0 ..< min($0 + table.type.blockBytes, table.bytes.count))) })
    }
}

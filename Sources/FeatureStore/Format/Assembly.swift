internal import Core

/// The completion of a feature file: tables, attributes, checksums, and seal.
enum Assembly {
    /// A contiguous dataset and the checksums of its blocks.
    struct Payload {
        var name: String
        var offset: Int
        var size: Int
        var block: Int
        var sums: [UInt64]

        /// The entry in the seal.
        var sealed: Seal.Payload { .init(name: name, offset: offset, size: size, block: block) }
    }

    /// The storage of the features in the file that HDF5 has begun.
    enum Features {
        case piece(Payload)
        case chunks([Range<Int>], sums: [UInt64])
        /// Rows in other feature files.
        case sources([VirtualSource])

        /// The end of the features in the file, or an upper bound.
        var end: Int {
            switch self {
            case .piece(let payload): payload.offset + payload.size
            case .chunks(let ranges, _): ranges.map(\.upperBound).max() ?? 0
            case .sources(let sources): HDF5File.userBlock + sources.reduce(0) { $0 + $1.line.utf8.count + 512 }
            }
        }

        /// The checksums of the blocks or chunks.
        var sums: [UInt64] {
            switch self {
            case .piece(let payload): payload.sums
            case .chunks(_, let sums): sums
            case .sources: []
            }
        }
    }

    /// The tables that may be large and are verified block by block on first use.
    static let lazyTables: Set<String> = ["labels", "ids", "images", "rows", "part_labels"]

    /// Adds everything else to the HDF5 file that holds the features and writes the seal.
    static func finish(
        _ file: borrowing PublishedFile, _ features: Features, _ digest: Digest, _ side: SideData
    ) throws(Fault) {
        let path = file.path
        let temporary = file.temporaryPath
        // HDF5 must not run into a full disk when it writes the tables.
        try file.reserve(features.end + side.byteEstimate + features.sums.count * 24)
        var seal = Seal(
            form: .mapped, length: 0, payloads: [], checksums: 0,
            digests: side.digests.merging(["features": digest]) { $1 })
        let tables = try HDF5.at(path, .inputOutput) { () throws(HDF5Error) in
            let file = try HDF5File(continuing: temporary)
            let tables = try complete(file, features, side, &seal)
            try file.close()
            return tables
        }
        let written = try MappedFile(path: temporary)
        guard let tables else { throw .damaged(path, "a dataset without an offset") }
        // The seal would otherwise confirm wrong bytes.
        for table in tables where !table.matches(written.bytes) {
            throw Fault(
                .inputOutput, path, found: "'\(table.name)' with other bytes than written", expected: "the same bytes",
                remedy: "check the disk and try again")
        }
        seal.length = written.byteCount
        seal.seal = try seal.fingerprint(of: written.bytes)
        let page = try seal.page(path)
        unsafe try file.write(page.span.bytes, at: 0)
    }

    /// A table written by HDF5 and its offset.
    private struct WrittenTable {
        let name: String
        let offset: Int
        let bytes: [UInt8]

        /// Whether `file` holds the table's bytes at its offset.
        func matches(_ file: RawSpan) -> Bool {
            guard offset >= 0, offset <= file.byteCount - bytes.count else { return false }
            let found = file.extracting(offset ..< offset + bytes.count)
            return unsafe found.withUnsafeBytes { unsafe $0.elementsEqual(bytes) }
        }
    }

    /// Writes all tables and attributes, and returns the tables, or nil if HDF5 gave one of them no offset.
    private static func complete(
        _ file: borrowing HDF5File, _ features: Features, _ side: SideData, _ seal: inout Seal
    ) throws(HDF5Error) -> [WrittenTable]? {
        var payloads: [Payload] = []
        var written: [WrittenTable] = []
        for table in side.tables {
            guard let entry = try write(table, to: file) else { return nil }
            written.append(entry)
            if lazyTables.contains(table.name) { payloads.append(Payload(table, at: entry.offset)) }
        }
        var sums: [UInt64] = []
        switch features {
        case .piece(let payload): payloads.append(payload)
        case .chunks(let ranges, let chunkSums):
            sums = chunkSums
            let table = SideTable("chunks", ranges.flatMap { [UInt64($0.lowerBound), UInt64($0.count)] }, columns: 2)
            guard let entry = try write(table, to: file) else { return nil }
            written.append(entry)
            seal.form = .compressed
            seal.chunkRanges = ranges
            seal.chunks = .init(
                offset: entry.offset, count: ranges.count,
                checksum: unsafe hexadecimal(checksum(table.bytes.span.bytes)))
        case .sources(let sources):
            guard let entry = try write(VirtualSource.table(sources), to: file) else { return nil }
            written.append(entry)
            seal.form = .virtual
        }
        payloads.sort { $0.offset < $1.offset }
        seal.payloads = payloads.map(\.sealed)
        guard let entry = try write(SideTable("checksums", sums + payloads.flatMap(\.sums)), to: file) else {
            return nil
        }
        written.append(entry)
        seal.checksums = entry.offset
        try side.writeAttributes(file)
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

internal import Core

/// The completion of a feature file: tables, attributes, checksums, and seal.
enum Assembly {
    /// A contiguous dataset and the checksums of its blocks.
    struct Payload {
        let sealed: Seal.Payload
        let sums: [UInt64]
    }

    /// The storage of the features in the file that HDF5 has begun.
    enum Features {
        case piece(Payload)
        case chunks([Range<Int>], sums: [UInt64])
        /// Rows in other feature files.
        case sources([VirtualSource])

        /// The end of the features in the file, or an upper bound, with room for their checksums.
        var end: Int {
            switch self {
            case .piece(let payload): payload.sealed.offset + payload.sealed.size + payload.sums.count * 24
            case .chunks(let ranges, let sums): (ranges.map(\.upperBound).max() ?? 0) + sums.count * 24
            case .sources(let sources): HDF5File.userBlock + sources.reduce(0) { $0 + $1.line.utf8.count + 512 }
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
        try file.reserve(features.end + side.byteEstimate)
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
        // The seal would otherwise confirm wrong bytes.
        for (table, offset) in tables where !written.bytes.holds(table.bytes, at: offset) {
            throw Fault(
                .inputOutput, path, found: "'\(table.name)' with other bytes than written", expected: "the same bytes",
                remedy: "check the disk and try again")
        }
        seal.length = written.byteCount
        seal.seal = try seal.fingerprint(of: written.bytes)
        let page = try seal.page(path)
        unsafe try file.write(page.span.bytes, at: 0)
    }

    /// Writes all tables and attributes, and returns the tables with their offsets.
    private static func complete(
        _ file: borrowing HDF5File, _ features: Features, _ side: SideData, _ seal: inout Seal
    ) throws(HDF5Error) -> [(table: SideTable, offset: Int)] {
        var payloads: [Payload] = []
        var sums: [UInt64] = []
        var written: [(table: SideTable, offset: Int)] = []
        for table in side.tables {
            let offset = try write(table, to: file)
            written.append((table, offset))
            if lazyTables.contains(table.name) { payloads.append(Payload(table, at: offset)) }
        }
        switch features {
        case .piece(let payload): payloads.append(payload)
        case .chunks(let ranges, let chunkSums):
            sums = chunkSums
            let table = SideTable("chunks", ranges.flatMap { [UInt64($0.lowerBound), UInt64($0.count)] }, columns: 2)
            let offset = try write(table, to: file)
            written.append((table, offset))
            seal.form = .compressed
            seal.chunkRanges = ranges
            seal.chunks = .init(
                offset: offset, count: ranges.count, checksum: unsafe hexadecimal(checksum(table.bytes.span.bytes)))
        case .sources(let sources):
            let table = VirtualSource.table(sources)
            written.append((table, try write(table, to: file)))
            seal.form = .virtual
        }
        payloads.sort { $0.sealed.offset < $1.sealed.offset }
        seal.payloads = payloads.map(\.sealed)
        let table = SideTable("checksums", sums + payloads.flatMap(\.sums))
        seal.checksums = try write(table, to: file)
        written.append((table, seal.checksums))
        try side.writeAttributes(file)
        try file.flush()
        return written
    }

    private static func write(_ table: SideTable, to file: borrowing HDF5File) throws(HDF5Error) -> Int {
        let dataset = try Dataset(creating: table.name, in: file, table.type, shape: table.shape)
        unsafe try dataset.write(table.bytes.span.bytes, table.type)
        let offset = try dataset.offset()
        try dataset.close()
        return offset
    }
}

extension Assembly.Payload {
    fileprivate init(_ table: SideTable, at offset: Int) {
        let size = table.bytes.count
        let block = table.type.blockBytes
        let bytes = unsafe table.bytes.span.bytes
        sealed = Seal.Payload(name: table.name, offset: offset, size: size, block: block)
        sums = stride(from: 0, to: size, by: block).map { checksum(bytes.extracting($0 ..< min($0 + block, size))) }
    }
}

extension RawSpan {
    /// Whether the bytes from `offset` on start with `expected`.
    func holds(_ expected: [UInt8], at offset: Int) -> Bool {
        guard offset >= 0, offset <= byteCount - expected.count else { return false }
        return unsafe extracting(offset ..< offset + expected.count).withUnsafeBytes { found in
            unsafe found.elementsEqual(expected)
        }
    }

    /// Returns a copy of all bytes, which must be aligned, as values.
    func array<Element: BitwiseCopyable>() -> [Element] {
        unsafe withUnsafeBytes { unsafe Array($0.bindMemory(to: Element.self)) }
    }
}

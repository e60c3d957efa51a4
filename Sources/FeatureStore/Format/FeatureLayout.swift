internal import Core
internal import Foundation

/// The attributes, shapes, and offsets of a feature file, checked for consistency with each other and with the seal.
struct FeatureLayout: Sendable {
    /// The type, shape, and offset of a table.
    struct Table: Sendable {
        let type: Datatype
        let shape: [Int]
        let offset: Int

        /// The size in bytes.
        var byteCount: Int { shape.reduce(type.width, *) }
        /// The byte range in the file.
        var range: Range<Int> { offset ..< offset + byteCount }
    }

    let part: FeatureFile.Kind
    let isNormalized: Bool
    let provenanceLine: String
    let shape: FeatureShape
    /// The byte offset of the features of a mapped file.
    let offset: Int?
    /// The number of items per chunk of a compressed file.
    let chunkItems: Int
    let tables: [String: Table]
    /// The list of a virtual file's source files.
    let sources: Table?

    /// Returns the names of the required tables, in the order of the file.
    static func tableNames(_ part: FeatureFile.Kind) -> [String] {
        part == .text ? ["prompts", "kinds", "classes"] : ["labels", "ids", "classes"]
    }

    /// Returns the names of the optional tables, in the order of the file.
    static func optionalTableNames(_ part: FeatureFile.Kind) -> [String] {
        part == .text ? [] : ["images", "rows", "part_labels"]
    }

    /// Reads the HDF5 structures of `file` after its seal has been verified; `path` names the file in errors.
    init(_ file: RawSpan, seal: Seal, path: String) throws(Fault) {
        try self.init(RawLayout(HDF5Bytes(file, path: path)), seal, path)
    }

    private init(_ raw: RawLayout, _ seal: Seal, _ path: String) throws(Fault) {
        guard raw.format == "fewshot-features", let version = raw.version, let isNormalized = raw.normalized,
            let part = raw.part.flatMap(FeatureFile.Kind.init), let line = raw.provenance
        else { throw .invalidLayout(path, "incomplete attributes") }
        guard version == 1 else {
            throw .badData(path, found: "version \(version)", expected: "1", remedy: "install a newer fewshot")
        }
        let type: FeatureType
        switch raw.type {
        case .float16: type = .float16
        case .float32: type = .float32
        default: throw .invalidLayout(path, "features of a type other than float16 and float32")
        }
        guard raw.shape.count == 3 else { throw .invalidLayout(path, "features of rank \(raw.shape.count)") }
        shape = try FeatureShape(
            count: raw.shape[0], views: raw.shape[1], width: raw.shape[2], type: type, path: path)
        self.part = part
        self.isNormalized = isNormalized != 0
        provenanceLine = line
        switch seal.form {
        case .mapped:
            guard let start = raw.offset, start % 8 == 0, start <= seal.length - shape.byteCount else {
                throw .invalidLayout(path, "features outside the file")
            }
            offset = start
            chunkItems = 0
        case .compressed:
            offset = nil
            chunkItems = try raw.chunkItems(of: shape, seal, path)
        case .virtual:
            guard raw.offset == nil, raw.chunk == nil, part != .text else {
                throw .invalidLayout(path, "stored features in a virtual file")
            }
            offset = nil
            chunkItems = 0
        }
        tables = try raw.tables(part, shape, seal, path)
        sources = seal.form == .virtual ? try raw.sources(seal, path) : nil
        try check(seal, path)
    }

    /// Checks that the seal and the structures describe the same byte ranges, so that all bytes read are verified.
    private func check(_ seal: Seal, _ path: String) throws(Fault) {
        var expected = tables.filter { Assembly.lazyTables.contains($0.key) }.map { name, table in
            Seal.Payload(name: name, offset: table.offset, size: table.byteCount, block: table.type.blockBytes)
        }
        if let offset {
            expected.append(.init(name: "features", offset: offset, size: shape.byteCount, block: shape.blockBytes))
        }
        let blocks = expected.reduce(seal.chunkRanges.count) { $0 + $1.blockCount }
        guard expected.sorted(by: { $0.offset < $1.offset }) == seal.payloads,
            Set(seal.digests.keys) == Set(tables.keys).union(["features"]), seal.checksums >= HDF5File.userBlock,
            seal.checksums <= seal.length - blocks * 8
        else { throw .invalidLayout(path, "a seal that does not match the HDF5 structures") }
    }
}

extension Fault {
    /// Returns the error for an undamaged file that is not a valid feature file.
    static func invalidLayout(_ path: String, _ found: String) -> Fault {
        .badData(path, found: found, expected: "the layout of a feature file", remedy: "build the file again")
    }
}

/// The unchecked contents of the HDF5 structures.
private struct RawLayout {
    var format, part, provenance: String?
    var version, normalized: UInt8?
    var type: Datatype?
    var shape: [Int] = []
    var offset: Int?
    var chunk: [Int]?
    var tables: [String: StoredDataset] = [:]
    var sources: StoredDataset?

    init(_ file: HDF5Bytes) throws(Fault) {
        let group = try RootGroup(file)
        format = group.text(ofAttribute: "format")
        part = group.text(ofAttribute: "part")
        provenance = group.text(ofAttribute: "provenance")
        version = group.number(ofAttribute: "version")
        normalized = group.number(ofAttribute: "normalized")
        guard let features = try group.dataset("features", in: file) else { return }
        type = features.type
        shape = features.shape
        offset = features.offset
        chunk = features.compressedChunk
        let names = FeatureFile.Kind.allCases.flatMap {
            FeatureLayout.tableNames($0) + FeatureLayout.optionalTableNames($0)
        }
        for name in Set(names) { tables[name] = try group.dataset(name, in: file) }
        sources = try group.dataset(VirtualSource.tableName, in: file)
    }

    /// Returns the list of a virtual file's source files.
    func sources(_ seal: Seal, _ path: String) throws(Fault) -> FeatureLayout.Table {
        guard let sources, case .text(let width)? = sources.type, let offset = sources.offset,
            sources.shape.count == 1, sources.shape[0] > 0, width > 0, offset >= HDF5File.userBlock,
            sources.shape[0] <= (seal.length - offset) / width
        else { throw .invalidLayout(path, "no valid 'parts'") }
        return FeatureLayout.Table(type: .text(width: width), shape: sources.shape, offset: offset)
    }

    /// Returns the number of items per chunk after checking the chunks' shape.
    func chunkItems(of shape: FeatureShape, _ seal: Seal, _ path: String) throws(Fault) -> Int {
        guard let chunk, chunk.count == 3, chunk[1] == shape.views, chunk[2] == shape.width, chunk[0] > 0,
            chunk[0] <= shape.count, shape.isPlausible(fileBytes: seal.length),
            seal.chunkRanges.count == (shape.count - 1) / chunk[0] + 1
        else { throw .invalidLayout(path, "features that are neither contiguous nor compressed") }
        return chunk[0]
    }

    /// Returns the tables of the file after checking their types, shapes, and ranges.
    func tables(
        _ part: FeatureFile.Kind, _ shape: FeatureShape, _ seal: Seal, _ path: String
    ) throws(Fault) -> [String: FeatureLayout.Table] {
        var result: [String: FeatureLayout.Table] = [:]
        let optional = FeatureLayout.optionalTableNames(part).filter { tables[$0] != nil }
        for name in FeatureLayout.tableNames(part) + optional {
            guard let table = tables[name], let type = table.type, let offset = table.offset,
                table.shape.allSatisfy({ $0 > 0 })
            else { throw .invalidLayout(path, "no valid '\(name)'") }
            let extents = table.shape
            let expected =
                switch name {
                case "labels", "ids", "images", "rows": [shape.count]
                case "prompts": [shape.count, shape.views]
                case "kinds": [shape.views]
                default: part == .text ? [shape.count] : [extents.first ?? 0]
                }
            let isText = if case .text = type { true } else { false }
            let fits =
                switch name {
                case "labels", "rows", "part_labels": type == .int32 && offset % 8 == 0
                case "images": type == .uint64 && offset % 8 == 0
                default: isText
                }
            guard extents == expected, fits else {
                throw .invalidLayout(path, "'\(name)' of the shape \(extents) instead of \(expected)")
            }
            let size = extents.reduce((type.width, false)) {
                let (product, overflow) = $0.0.multipliedReportingOverflow(by: $1)
                return (product, $0.1 || overflow)
            }
            guard !size.1, offset >= HDF5File.userBlock, offset <= seal.length - size.0 else {
                throw .invalidLayout(path, "'\(name)' outside the file")
            }
            result[name] = FeatureLayout.Table(type: type, shape: extents, offset: offset)
        }
        guard (result["rows"] == nil) == (result["part_labels"] == nil) else {
            throw .invalidLayout(path, "'rows' or 'part_labels' without the other")
        }
        return result
    }
}

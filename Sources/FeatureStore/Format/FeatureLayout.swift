internal import Core

/// The attributes, shapes, and offsets of a feature file, checked for consistency with each other and with the seal.
struct FeatureLayout: Sendable {
    struct Table: Sendable {
        let type: Datatype
        let shape: [Int]
        let range: Range<Int>
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

    private static func tableNames(_ part: FeatureFile.Kind) -> [String] {
        part == .text ? ["prompts", "kinds", "classes"] : ["labels", "ids", "classes"]
    }

    /// Returns the names of all tables, in the order of the file.
    static func allTableNames(_ part: FeatureFile.Kind) -> [String] {
        tableNames(part) + (part == .text ? [] : ["images", "rows", "part_labels"])
    }

    /// Reads the HDF5 structures of `bytes` after its seal has been verified; `path` names the file in errors.
    init(_ bytes: RawSpan, seal: Seal, path: String) throws(Fault) {
        let file = HDF5Bytes(Span(_bytes: bytes), path: path)
        let group = try RootGroup(file)
        guard group.text(ofAttribute: "format") == "fewshot-features",
            let version = group.number(ofAttribute: "version"),
            let isNormalized = group.number(ofAttribute: "normalized"),
            let part = group.text(ofAttribute: "part").flatMap(FeatureFile.Kind.init),
            let line = group.text(ofAttribute: "provenance")
        else { throw file.invalid("incomplete attributes") }
        guard version == 1 else {
            throw .badData(path, found: "version \(version)", expected: "1", remedy: "install a newer fewshot")
        }
        let features = try group.dataset("features", in: file)
        let type = FeatureType.allCases.first { $0.datatype == features?.type }
        guard let features, let type else { throw file.invalid("features of a type other than float16 and float32") }
        guard features.shape.count == 3 else { throw file.invalid("features of rank \(features.shape.count)") }
        shape = FeatureShape(count: features.shape[0], views: features.shape[1], width: features.shape[2], type: type)
        try shape.check(path)
        self.part = part
        self.isNormalized = isNormalized != 0
        provenanceLine = line
        offset = seal.form == .mapped ? features.offset : nil
        chunkItems = seal.form == .compressed ? features.compressedChunk?.first ?? 0 : 0
        var tables: [String: Table] = [:]
        for name in Self.allTableNames(part) {
            let stored = try group.dataset(name, in: file)
            guard stored != nil || Self.tableNames(part).contains(name) else { continue }
            tables[name] = try Self.table(name, stored, part, shape, in: file)
        }
        self.tables = tables
        let list = try seal.form == .virtual ? group.dataset(VirtualSource.tableName, in: file) : nil
        sources = try seal.form == .virtual ? Self.table(VirtualSource.tableName, list, part, shape, in: file) : nil
        try check(features, seal, file)
    }

    private static func table(
        _ name: String, _ stored: StoredDataset?, _ part: FeatureFile.Kind, _ shape: FeatureShape, in file: HDF5Bytes
    ) throws(Fault) -> Table {
        guard let stored, let type = stored.type, let offset = stored.offset, stored.shape.allSatisfy({ $0 > 0 })
        else { throw file.invalid("no valid '\(name)'") }
        let extents = stored.shape
        let expected =
            switch name {
            case "labels", "ids", "images", "rows": [shape.count]
            case "prompts": [shape.count, shape.views]
            case "kinds": [shape.views]
            default: part == .text ? [shape.count] : [extents.first ?? 0]
            }
        let isFitting =
            switch name {
            case "labels", "rows", "part_labels": type == .int32 && offset % 8 == 0
            case "images": type == .uint64 && offset % 8 == 0
            default: type.isText
            }
        guard extents == expected, isFitting else {
            throw file.invalid("'\(name)' of the shape \(extents) instead of \(expected)")
        }
        guard let size = product([type.width] + extents), offset >= HDF5File.userBlock, offset <= file.count - size
        else { throw file.invalid("'\(name)' outside the file") }
        return Table(type: type, shape: extents, range: offset ..< offset + size)
    }

    /// Checks that the seal and the structures describe the same byte ranges, so that all bytes read are verified.
    private func check(_ features: StoredDataset, _ seal: Seal, _ file: HDF5Bytes) throws(Fault) {
        switch seal.form {
        case .mapped:
            guard let offset, offset % 8 == 0, offset <= seal.length - shape.byteCount else {
                throw file.invalid("features outside the file")
            }
        case .compressed:
            guard chunkItems > 0, chunkItems <= shape.count, shape.isPlausible(fileBytes: seal.length),
                features.compressedChunk == [chunkItems, shape.views, shape.width],
                seal.chunkRanges.count == (shape.count - 1) / chunkItems + 1
            else { throw file.invalid("features that are neither contiguous nor compressed") }
        case .virtual:
            guard features.offset == nil, features.compressedChunk == nil, part != .text else {
                throw file.invalid("stored features in a virtual file")
            }
        }
        guard (tables["rows"] == nil) == (tables["part_labels"] == nil) else {
            throw file.invalid("'rows' or 'part_labels' without the other")
        }
        var expected = tables.filter { Assembly.lazyTables.contains($0.key) }.map { name, table in
            Seal.Payload(
                name: name, offset: table.range.lowerBound, size: table.range.count, block: table.type.blockBytes)
        }
        if let offset {
            expected.append(.init(name: "features", offset: offset, size: shape.byteCount, block: shape.blockBytes))
        }
        let blocks = expected.reduce(seal.chunkRanges.count) { $0 + $1.blockCount }
        guard expected.sorted(by: { $0.offset < $1.offset }) == seal.payloads,
            Set(seal.digests.keys) == Set(tables.keys).union(["features"]), seal.checksums >= HDF5File.userBlock,
            seal.checksums <= seal.length - blocks * 8
        else { throw file.invalid("a seal that does not match the HDF5 structures") }
    }

    /// Decodes the strings of a table without their padding.
    func texts(_ name: String, in file: RawSpan, _ path: String) throws(Fault) -> [String] {
        guard let table = name == VirtualSource.tableName ? sources : tables[name] else { return [] }
        let bytes = file.extracting(table.range)
        let width = table.type.width
        return try unsafe bytes.withUnsafeBytes { buffer throws(Fault) in
            var texts: [String] = []
            texts.reserveCapacity(buffer.count / width)
            for start in stride(from: 0, to: buffer.count, by: width) {
                let text = unsafe buffer[start ..< start + width].prefix { $0 != 0 }
                guard let text = unsafe String(validating: text, as: UTF8.self) else {
                    throw .invalidLayout(path, "entry \(start / width) of '\(name)' that is not UTF-8")
                }
                texts.append(text)
            }
            return texts
        }
    }
}

extension Fault {
    /// Returns the error for an undamaged file that is not a valid feature file.
    static func invalidLayout(_ path: String, _ found: String) -> Fault {
        .badData(path, found: found, expected: "the layout of a feature file", remedy: "build the file again")
    }
}

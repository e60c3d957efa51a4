internal import Core
internal import Foundation

/// What the structures of a sealed file say: attributes, shapes and places, all checked against each other and the seal.
struct FeatureLayout: Sendable {
    /// A table's elements and where they are in the file.
    struct Table: Sendable {
        let type: Datatype
        let shape: [Int]
        let offset: Int

        var byteCount: Int { shape.reduce(type.width, *) }
        var range: Range<Int> { offset ..< offset + byteCount }
    }

    let part: FeatureFile.Kind
    let isNormalized: Bool
    let provenanceLine: String
    let shape: FeatureShape
    /// Where a hot file's features start.
    let offset: Int?
    /// Items in a chunk of a packed file.
    let chunkItems: Int
    let tables: [String: Table]
    /// The list of the files that hold a virtual file's rows.
    let parts: Table?

    /// The tables of a part, in the order of the file.
    static func tableNames(_ part: FeatureFile.Kind) -> [String] {
        part == .text ? ["prompts", "kinds", "classes"] : ["labels", "ids", "classes"]
    }

    /// Tables that a part may have beside them, in the order of the file.
    static func optionalTableNames(_ part: FeatureFile.Kind) -> [String] {
        part == .text ? [] : ["images", "rows", "part_labels"]
    }

    /// Reads the structures of `file`, whose seal holds; `path` is what a fault names.
    init(_ file: RawSpan, seal: Seal, path: String) throws(Fault) {
        try self.init(RawLayout(StructureBytes(file, path: path)), seal, path)
    }

    private init(_ raw: RawLayout, _ seal: Seal, _ path: String) throws(Fault) {
        guard raw.format == "fewshot-features", let version = raw.version, let isNormalized = raw.normalized,
            let part = raw.part.flatMap(FeatureFile.Kind.init), let line = raw.provenance
        else { throw .strange(path, "no complete attributes") }
        guard version == 1 else {
            throw .badData(path, found: "version \(version)", expected: "1", remedy: "install a newer fewshot")
        }
        let type: FeatureType
        switch raw.type {
        case .float16: type = .float16
        case .float32: type = .float32
        default: throw .strange(path, "features of another type than float16 or float32")
        }
        guard raw.shape.count == 3 else { throw .strange(path, "features of rank \(raw.shape.count)") }
        shape = try FeatureShape(
            count: raw.shape[0], views: raw.shape[1], width: raw.shape[2], type: type, path: path)
        (self.part, self.isNormalized, provenanceLine) = (part, isNormalized != 0, line)
        switch seal.form {
        case .hot:
            guard let place = raw.offset, place % 8 == 0, place <= seal.length - shape.byteCount else {
                throw .strange(path, "features outside the file")
            }
            (offset, chunkItems) = (place, 0)
        case .packed:
            offset = nil
            chunkItems = try raw.chunkItems(of: shape, seal, path)
        case .virtual:
            guard raw.offset == nil, raw.chunk == nil, part != .text else {
                throw .strange(path, "features of its own in a virtual file")
            }
            (offset, chunkItems) = (nil, 0)
        }
        tables = try raw.tables(part, shape, seal, path)
        parts = seal.form == .virtual ? try raw.parts(seal, path) : nil
        try check(seal, path)
    }

    /// The seal and the structures must speak of the same bytes, or what is checked is not what is read.
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
        else { throw .strange(path, "a seal of another layout") }
    }
}

extension Fault {
    /// Sound bytes that make no feature file.
    static func strange(_ path: String, _ found: String) -> Fault {
        .badData(path, found: found, expected: "the layout of a feature file", remedy: "make it again")
    }
}

/// What the structures say, unchecked.
private struct RawLayout {
    var format, part, provenance: String?
    var version, normalized: UInt8?
    var type: Datatype?
    var shape: [Int] = []
    var offset: Int?
    var chunk: [Int]?
    var tables: [String: (type: Datatype?, shape: [Int], offset: Int?)] = [:]
    var parts: (type: Datatype?, shape: [Int], offset: Int?)?

    init(_ file: StructureBytes) throws(Fault) {
        let structure = try Structure(file)
        format = structure.text(ofAttribute: "format")
        part = structure.text(ofAttribute: "part")
        provenance = structure.text(ofAttribute: "provenance")
        version = structure.number(ofAttribute: "version")
        normalized = structure.number(ofAttribute: "normalized")
        guard let features = try structure.dataset("features", in: file) else { return }
        (type, shape, offset, chunk) = (features.type, features.shape, features.offset, features.packedChunk)
        let names = FeatureFile.Kind.allCases.flatMap {
            FeatureLayout.tableNames($0) + FeatureLayout.optionalTableNames($0)
        }
        for name in Set(names) {
            guard let table = try structure.dataset(name, in: file) else { continue }
            tables[name] = (table.type, table.shape, table.offset)
        }
        guard let list = try structure.dataset(VirtualPart.tableName, in: file) else { return }
        parts = (list.type, list.shape, list.offset)
    }

    /// The list of a virtual file's parts.
    func parts(_ seal: Seal, _ path: String) throws(Fault) -> FeatureLayout.Table {
        guard let (type, extents, offset) = parts, case .text(let width)? = type, let offset, extents.count == 1,
            extents[0] > 0, width > 0, offset >= HDF5File.userBlock, extents[0] <= (seal.length - offset) / width
        else { throw .strange(path, "no usable list of parts") }
        return FeatureLayout.Table(type: .text(width: width), shape: extents, offset: offset)
    }

    /// Items in a chunk, whose extents fit the features and the seal.
    func chunkItems(of shape: FeatureShape, _ seal: Seal, _ path: String) throws(Fault) -> Int {
        guard let chunk, chunk.count == 3, chunk[1] == shape.views, chunk[2] == shape.width, chunk[0] > 0,
            chunk[0] <= shape.count, shape.mayUnpack(from: seal.length),
            seal.chunkRanges.count == (shape.count - 1) / chunk[0] + 1
        else { throw .strange(path, "features that are neither in one piece nor packed") }
        return chunk[0]
    }

    /// The tables of the part, each of the one shape that fits the features.
    func tables(
        _ part: FeatureFile.Kind, _ shape: FeatureShape, _ seal: Seal, _ path: String
    ) throws(Fault) -> [String: FeatureLayout.Table] {
        var result: [String: FeatureLayout.Table] = [:]
        let optional = FeatureLayout.optionalTableNames(part).filter { tables[$0] != nil }
        for name in FeatureLayout.tableNames(part) + optional {
            guard let (type, extents, offset) = tables[name], let type, let offset, extents.allSatisfy({ $0 > 0 })
            else {
                throw .strange(path, "no usable '\(name)'")
            }
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
                throw .strange(path, "'\(name)' of the shape \(extents) where \(expected) fits")
            }
            let size = extents.reduce((type.width, false)) {
                let (product, overflow) = $0.0.multipliedReportingOverflow(by: $1)
                return (product, $0.1 || overflow)
            }
            guard !size.1, offset >= HDF5File.userBlock, offset <= seal.length - size.0 else {
                throw .strange(path, "'\(name)' outside the file")
            }
            result[name] = FeatureLayout.Table(type: type, shape: extents, offset: offset)
        }
        guard (result["rows"] == nil) == (result["part_labels"] == nil) else {
            throw .strange(path, "'rows' or 'part_labels' without the other")
        }
        return result
    }
}

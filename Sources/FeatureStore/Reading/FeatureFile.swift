public import Core
internal import Foundation

/// A feature file, hot or packed, that has been checked as far as it was touched.
///
/// Opening reads the first page, the attributes and the class names; it costs the same whatever the size. Values of a
/// hot file come straight from the page cache, those of a packed one are decompressed on all threads; each half MiB or chunk
/// is compared with its checksum when it is touched first. Any number of threads may read at once.
public struct FeatureFile: ~Copyable, Sendable {
    let mapping: MappedFile
    let layout: FeatureLayout
    let seal: Seal
    let checks: BlockChecks
    /// The files that hold a virtual file's rows.
    let parts: VirtualParts?
    /// The file as the user named it.
    public let path: String
    /// The class names [C]; a label is an index into them.
    public let classes: [String]
    /// Opens the file at `path` and checks its seal.
    ///
    /// - Throws: `noInput` if there is none, `badData` if it is no feature file or damaged.
    public init(path: String) throws(Fault) {
        let mapping = try MappedFile(path: path)
        let seal = try Seal(checking: mapping.bytes, path: path)
        let layout = try FeatureLayout(mapping.bytes, seal: seal, path: path)
        let checks = BlockChecks(seal, path: path)
        let classes = try layout.texts("classes", in: mapping.bytes, path)
        parts = try VirtualParts(layout, in: mapping.bytes, path: path)
        self.mapping = mapping
        (self.layout, self.seal, self.checks) = (layout, seal, checks)
        (self.path, self.classes) = (path, classes)
    }

    /// How the features came to be.
    ///
    /// - Throws: `badData` where what is recorded is no provenance.
    public func provenance() throws(Fault) -> Provenance {
        try JSONDocument.decode(
            Provenance.self, from: Data(layout.provenanceLine.utf8), path: path, expected: "a provenance")
    }

    /// The SHA-256 identity of the content: equal for the hot and the packed form of the same features.
    public var digest: Digest { Identity(layout, seal).digest }

    /// Which part of a study this is.
    public var part: FeatureFile.Kind { layout.part }
    /// Items N; classes in a text file.
    public var count: Int { layout.shape.count }
    /// Views V of each item, view 0 the plain one; prompts of each class in a text file.
    public var views: Int { layout.shape.views }
    /// Values D of a feature.
    public var width: Int { layout.shape.width }
    /// How values are stored.
    public var type: FeatureType { layout.shape.type }
    /// Whether the rows have unit length already.
    public var isNormalized: Bool { layout.isNormalized }
    /// Whether the values are compressed.
    public var isPacked: Bool { seal.form == .packed }
    /// Whether the values lie in other files, the parts of a plan.
    public var isVirtual: Bool { seal.form == .virtual }
    /// `hot`, `packed` or `virtual`.
    public var form: String { seal.form.rawValue }
    /// Bytes on disk, without those of other files.
    public var byteCount: Int { mapping.byteCount }

    /// The class of each item [N], each in 0 ..< C.
    ///
    /// - Throws: `badData` where the labels are damaged or name no class.
    public func labels() throws(Fault) -> [Int32] {
        if part == .text { return (0 ..< Int32(count)).map(\.self) }
        try checks.check("labels", in: mapping.bytes)
        let bytes = layout.bytes("labels", in: mapping.bytes)
        let labels = unsafe bytes.withUnsafeBytes { unsafe Array($0.bindMemory(to: Int32.self)) }
        if let index = labels.firstIndex(where: { !classes.indices.contains(Int($0)) }) {
            throw .label(labels[index], of: index, classes: classes.count, path)
        }
        return labels
    }

    /// The name of each item [N]; the classes of a text file.
    ///
    /// - Throws: `badData` where the names are damaged.
    public func ids() throws(Fault) -> [String] {
        if part == .text { return classes }
        try checks.check("ids", in: mapping.bytes)
        return try layout.texts("ids", in: mapping.bytes, path)
    }

    /// Makes sure that this is the part that is needed.
    ///
    /// - Throws: `badData` naming both parts.
    public func require(_ part: FeatureFile.Kind) throws(Fault) {
        guard self.part == part else {
            throw .badData(
                path, found: "the part '\(self.part.rawValue)'", expected: "the part '\(part.rawValue)'",
                remedy: "name another file")
        }
    }
}

/// What makes two files the same features, whatever their form and provenance.
private struct Identity: Encodable {
    let part: FeatureFile.Kind
    let type: FeatureType
    let shape: [Int]
    let normalized: Bool
    let digests: [String: Digest]

    init(_ layout: FeatureLayout, _ seal: Seal) {
        (part, type, shape) = (layout.part, layout.shape.type, layout.shape.extents)
        (normalized, digests) = (layout.isNormalized, seal.digests)
    }

    var digest: Digest { Digest(of: JSONDocument.line(self)) }
}

extension FeatureLayout {
    /// The bytes of a table that the layout has.
    @_lifetime(copy file)
    func bytes(_ name: String, in file: RawSpan) -> RawSpan {
        guard let table = tables[name] else { preconditionFailure("no table '\(name)' in a \(part.rawValue) file") }
        return file.extracting(table.range)
    }

    /// The texts of a table, without their padding.
    func texts(_ name: String, in file: RawSpan, _ path: String) throws(Fault) -> [String] {
        guard let table = tables[name] else { return [] }
        return try texts(table, name, in: file, path)
    }

    func texts(_ table: Table, _ name: String, in file: RawSpan, _ path: String) throws(Fault) -> [String] {
        let bytes = file.extracting(table.range)
        let width = table.type.width
        return try unsafe bytes.withUnsafeBytes { buffer throws(Fault) in
            var texts: [String] = []
            texts.reserveCapacity(buffer.count / width)
            for start in stride(from: 0, to: buffer.count, by: width) {
                let text = unsafe buffer[start ..< start + width].prefix { $0 != 0 }
                guard let text = unsafe String(validating: text, as: UTF8.self) else {
                    throw .strange(path, "entry \(start / width) of '\(name)' that is no UTF-8")
                }
                texts.append(text)
            }
            return texts
        }
    }
}

public import Core
internal import FoundationEssentials

/// An open feature file, verified as far as it has been read.
///
/// Opening reads the first page, the attributes, and the class names, and takes the same time for any size. The values
/// of a mapped file come from the page cache; those of a compressed file are decompressed on all threads. Each block
/// or chunk is compared with its checksum on first use. Several threads may read at once.
public struct FeatureFile: ~Copyable, Sendable {
    let mapping: MappedFile
    let layout: FeatureLayout
    let seal: Seal
    let checks: BlockVerifier
    let sources: VirtualSources?
    /// The file as the user named it.
    public let path: String
    /// The class names [C], which labels index.
    public let classes: [String]

    /// Opens the file at `path` and verifies its seal.
    ///
    /// - Throws: `noInput` if it does not exist, `badData` if it is damaged or not a feature file.
    public init(path: String) throws(Fault) {
        let mapping = try MappedFile(path: path)
        let seal = try Seal(checking: mapping.bytes, path: path)
        let layout = try FeatureLayout(mapping.bytes, seal: seal, path: path)
        let checks = BlockVerifier(seal, path: path)
        let classes = try layout.texts("classes", in: mapping.bytes, path)
        sources = try VirtualSources(layout, in: mapping.bytes, path: path)
        self.mapping = mapping
        self.layout = layout
        self.seal = seal
        self.checks = checks
        self.path = path
        self.classes = classes
    }

    /// Decodes the origin of the features.
    ///
    /// - Throws: `badData` if the record is invalid.
    public func provenance() throws(Fault) -> Provenance {
        try JSONDocument.decode(
            Provenance.self, from: Data(layout.provenanceLine.utf8), path: path, expected: "a provenance")
    }

    /// The SHA-256 identity of the content, which is equal for the mapped and the compressed form.
    public var digest: Digest {
        let identity = Identity(
            part: part, type: type, shape: layout.shape.extents, normalized: isNormalized, digests: seal.digests)
        return Digest(of: JSONDocument.line(identity))
    }

    /// The kind of the file.
    public var part: FeatureFile.Kind { layout.part }
    /// The number of items N; of classes in a text file.
    public var count: Int { layout.shape.count }
    /// The number of views V per item, of which view 0 is not augmented; of prompts per class in a text file.
    public var views: Int { layout.shape.views }
    /// The number of values D per feature.
    public var width: Int { layout.shape.width }
    /// The type of the values.
    public var type: FeatureType { layout.shape.type }
    /// Whether all rows have unit length.
    public var isNormalized: Bool { layout.isNormalized }
    /// Whether the values are compressed.
    public var isCompressed: Bool { seal.form == .compressed }
    /// Whether the values are in other files, the outputs of shards.
    public var isVirtual: Bool { seal.form == .virtual }
    /// The storage as recorded: `hot` (mapped), `packed` (compressed), or `virtual`.
    public var form: String { seal.form.rawValue }
    /// The size of the file in bytes, without source files.
    public var byteCount: Int { mapping.byteCount }

    /// Reads the class of each item [N], each in 0 ..< C.
    ///
    /// - Throws: `badData` if the labels are damaged or out of range.
    public func labels() throws(Fault) -> [Int32] {
        guard let labels: [Int32] = try numbers("labels") else { return Array(0 ..< Int32(count)) }
        if let index = labels.firstIndex(where: { !classes.indices.contains(Int($0)) }) {
            throw .invalidLabel(labels[index], of: index, classes: classes.count, path)
        }
        return labels
    }

    /// Reads the name of each item [N]; the classes of a text file.
    ///
    /// - Throws: `badData` if the names are damaged.
    public func ids() throws(Fault) -> [String] {
        if part == .text { return classes }
        try checks.check("ids", in: mapping.bytes)
        return try layout.texts("ids", in: mapping.bytes, path)
    }

    /// Checks that the file is of the given kind.
    ///
    /// - Throws: `badData` if it is of another kind.
    public func require(_ part: FeatureFile.Kind) throws(Fault) {
        guard self.part == part else {
            throw .badData(
                path, found: "'\(self.part.rawValue)' features", expected: "'\(part.rawValue)' features",
                remedy: "use another file")
        }
    }
}

extension FeatureFile {
    /// One of the four files of a feature folder: the images of a subset, or the prompts.
    public enum Kind: String, Codable, Sendable, CaseIterable {
        case train, val, test, text

        /// The file with the images of `subset`.
        public init(_ subset: Subset) {
            self =
                switch subset {
                case .train: .train
                case .val: .val
                case .test: .test
                }
        }

        /// The subset whose images the file holds; nil for `text`.
        public var subset: Subset? { Subset(rawValue: rawValue) }

        /// The file's name in a feature folder.
        public var fileName: String { "\(rawValue).h5" }
    }
}

/// The content by which two files are the same features, regardless of their form and provenance.
private struct Identity: Encodable {
    let part: FeatureFile.Kind
    let type: FeatureType
    let shape: [Int]
    let normalized: Bool
    let digests: [String: Digest]
}

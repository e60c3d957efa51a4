public import Core

/// The text features of a study, read whole and checked.
public struct TextFeatures: Sendable {
    /// The class names [C].
    public let classes: [String]
    /// What was encoded for each class [C×P].
    public let prompts: [[String]]
    /// What each of a class's prompts is [P].
    public let kinds: [PromptKind]
    /// Values D of a feature.
    public let width: Int
    /// Raw features [C×P×D].
    public let values: [Float]
    /// Whether the rows have unit length already.
    public let isNormalized: Bool
    public let provenance: Provenance
    /// The SHA-256 identity of the file's content.
    public let digest: Digest

    /// Prompts P of each class.
    public var promptCount: Int { kinds.count }

    /// Reads the text file at `path`, hot or packed.
    ///
    /// - Throws: `noInput` if there is none, `badData` if it is another part, damaged or not finite.
    public init(path: String) throws(Fault) { try self.init(FeatureFile(path: path)) }

    init(_ file: borrowing FeatureFile) throws(Fault) {
        try file.require(.text)
        let (count, views) = (file.count, file.views)
        var values: [Float] = []
        try file.read(block: 0 ..< count, views: 0 ..< views, into: &values)
        let prompts = try file.prompts()
        self.prompts = (0 ..< count).map { Array(prompts[$0 * views ..< ($0 + 1) * views]) }
        kinds = try file.kinds()
        (classes, provenance, digest) = (file.classes, try file.provenance(), file.digest)
        (isNormalized, width, self.values) = (file.isNormalized, file.width, values)
    }
}

extension FeatureFile {
    /// What was encoded, class by class; empty unless this is a text file.
    func prompts() throws(Fault) -> [String] { try layout.texts("prompts", in: mapping.bytes, path) }

    /// What each of a class's prompts is; empty unless this is a text file.
    func kinds() throws(Fault) -> [PromptKind] {
        try layout.texts("kinds", in: mapping.bytes, path).map { name throws(Fault) in
            guard let kind = PromptKind(rawValue: name) else {
                throw Fault.strange(path, "the kind of prompt '\(name)'")
            }
            return kind
        }
    }
}

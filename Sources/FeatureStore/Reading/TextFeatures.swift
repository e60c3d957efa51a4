public import Core

/// The text features of a feature folder, read completely and verified.
public struct TextFeatures: Sendable {
    /// The class names [C].
    public let classes: [String]
    /// The encoded prompts of each class [C×P].
    public let prompts: [[String]]
    /// The kinds of the prompts [P].
    public let kinds: [PromptKind]
    /// The number of values D per feature.
    public let width: Int
    /// The raw features [C×P×D].
    public let values: [Float]
    /// Whether all rows have unit length.
    public let isNormalized: Bool
    /// The origin of the features.
    public let provenance: Provenance
    /// The SHA-256 identity of the file's content.
    public let digest: Digest

    /// The number of prompts P per class.
    public var promptCount: Int { kinds.count }

    /// Reads the text features at `path`, mapped or compressed.
    ///
    /// - Throws: `noInput` if the file does not exist, `badData` if it is of another kind, damaged, or not finite.
    public init(path: String) throws(Fault) { try self.init(FeatureFile(path: path)) }

    init(_ file: borrowing FeatureFile) throws(Fault) {
        try file.require(.text)
        var values: [Float] = []
        try file.read(block: 0 ..< file.count, views: 0 ..< file.views, into: &values)
        prompts = try file.prompts()
        kinds = try file.kinds()
        classes = file.classes
        provenance = try file.provenance()
        digest = file.digest
        isNormalized = file.isNormalized
        width = file.width
        self.values = values
    }
}

extension FeatureFile {
    /// Reads the encoded prompts [C×P] of a text file.
    func prompts() throws(Fault) -> [[String]] {
        let all = try layout.texts("prompts", in: mapping.bytes, path)
        return stride(from: 0, to: all.count, by: views).map { Array(all[$0 ..< $0 + views]) }
    }

    /// Reads the kinds of the prompts; empty unless this is a text file.
    func kinds() throws(Fault) -> [PromptKind] {
        try layout.texts("kinds", in: mapping.bytes, path).map { name throws(Fault) in
            guard let kind = PromptKind(rawValue: name) else {
                throw Fault.invalidLayout(path, "the prompt kind '\(name)'")
            }
            return kind
        }
    }
}

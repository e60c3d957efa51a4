/// A file that a stage has read, identified by its content.
public struct Input: Hashable, Sendable, Codable {
    /// The purpose of the file for the stage: `images`, `labels`, `text`, `train`.
    public let role: String
    /// The file's last path component, without a folder, so that a moved study keeps its identity.
    public let name: String
    /// The digest of the file's content.
    public let digest: Digest

    /// Reads the file at `path` and computes its digest.
    public init(reading path: String, as role: String) throws(Fault) {
        let file = try MappedFile(path: path)
        self.init(role: role, name: lastComponent(of: path), digest: Digest(of: file.bytes))
    }

    /// Creates an input whose digest is known.
    package init(role: String, name: String, digest: Digest) {
        self.role = role
        self.name = name
        self.digest = digest
    }
}

/// The origin of a file, without time, host or folder, so that equal work gives equal bytes.
public struct Provenance: Codable, Sendable, Equatable {
    /// The tool that made the file.
    public var tool: String
    /// The version of the tool.
    public var version: String
    /// The files that were read.
    public var inputs: [Input]
    /// Everything else that determines the content, by name.
    public var settings: [String: String]
    /// Findings from making the file, such as the agreement of two precisions; not part of the identity.
    public var findings: [String: String]?

    /// Creates the origin of a file that this version makes.
    public init(tool: String, inputs: [Input], settings: [String: String]) {
        self.tool = tool
        self.version = numbersVersion
        self.inputs = inputs
        self.settings = settings
    }

    /// The first field in which `self` differs from `other`, with both values.
    public func firstDifference(from other: Provenance) -> Difference? { differences(from: other).first }

    /// A field in which the origins of two files differ.
    public struct Difference: Sendable, Equatable {
        /// The name of the field.
        public let field: String
        /// The value in the first file.
        public let found: String
        /// The value in the other file.
        public let expected: String

        package init(field: String, found: String, expected: String) {
            self.field = field
            self.found = found
            self.expected = expected
        }
    }

    /// The fields in which `self` differs from `other`, with both values.
    public func differences(from other: Provenance) -> [Difference] {
        let keys = Set(settings.keys).union(other.settings.keys).sorted()
        let roles = Set(inputs.map(\.role)).union(other.inputs.map(\.role)).sorted()
        let fields =
            [("tool", tool, other.tool), ("version", version, other.version)]
            + keys.map { ($0, settings[$0], other.settings[$0]) }
            + roles.map { ($0, digests(of: $0), other.digests(of: $0)) }
        return fields.filter { $1 != $2 }.map { Difference(field: $0, found: $1 ?? "none", expected: $2 ?? "none") }
    }

    private func digests(of role: String) -> String? {
        let digests = inputs.filter { $0.role == role }.map(\.digest.description).sorted()
        return digests.isEmpty ? nil : digests.joined(separator: " ")
    }
}

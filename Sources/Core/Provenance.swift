/// A file that a stage has read, named by its content.
public struct Input: Hashable, Sendable, Codable {
    /// What the file is for the stage: `images`, `labels`, `text`, `train`.
    public let role: String
    /// The file's last path component; no folder, so that a moved study keeps its identity.
    public let name: String
    public let digest: Digest

    /// Digests the file at `path`: an input that was not read cannot be claimed.
    public init(reading path: String, as role: String) throws(Fault) {
        let file = try MappedFile(path: path)
        self.init(role: role, name: lastComponent(of: path), digest: Digest(of: file.bytes))
    }

    /// An input whose reader already knows its digest.
    package init(role: String, name: String, digest: Digest) {
        self.role = role
        self.name = name
        self.digest = digest
    }
}

/// How a file came to be; holds no clock, host or folder, so that equal work gives equal bytes.
public struct Provenance: Codable, Sendable, Equatable {
    public var tool: String
    public var version: String
    public var inputs: [Input]
    /// What else decided the content, by name.
    public var settings: [String: String]
    /// What was found while the file was made, as how well two precisions agree; no part of the identity.
    public var findings: [String: String]?

    public init(tool: String, inputs: [Input], settings: [String: String]) {
        self.tool = tool
        self.version = fewshotVersion
        self.inputs = inputs
        self.settings = settings
    }

    /// The first field in which `self` differs from `other`, with both values.
    public func firstDifference(from other: Provenance) -> Difference? { differences(from: other).first }

    /// A field in which two files were made differently.
    public struct Difference: Sendable, Equatable {
        public let field: String
        public let found: String
        public let expected: String

        package init(field: String, found: String, expected: String) {
            (self.field, self.found, self.expected) = (field, found, expected)
        }
    }

    /// The fields in which `self` differs from `other`, with both values.
    public func differences(from other: Provenance) -> [Difference] {
        var differences: [Difference] = []
        for (field, mine, theirs) in [("tool", tool, other.tool), ("version", version, other.version)]
        where mine != theirs {
            differences.append(Difference(field: field, found: mine, expected: theirs))
        }
        for key in Set(settings.keys).union(other.settings.keys).sorted() where settings[key] != other.settings[key] {
            differences.append(
                Difference(field: key, found: settings[key] ?? "none", expected: other.settings[key] ?? "none"))
        }
        for role in Set(inputs.map(\.role)).union(other.inputs.map(\.role)).sorted() {
            let mine = inputs.filter { $0.role == role }.map(\.digest.description).sorted()
            let theirs = other.inputs.filter { $0.role == role }.map(\.digest.description).sorted()
            if mine != theirs {
                differences.append(
                    Difference(
                        field: role, found: mine.isEmpty ? "none" : mine.joined(separator: " "),
                        expected: theirs.isEmpty ? "none" : theirs.joined(separator: " ")))
            }
        }
        return differences
    }
}

/// The version of the numbers and formats that this project writes.
public let fewshotVersion = "0.1.0"

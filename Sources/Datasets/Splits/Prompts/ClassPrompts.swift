public import Core

/// The prompts of every class of a split, ready for a text encoder.
public struct ClassPrompts: Sendable, Equatable {
    /// Class names in the order of labels [C].
    public let classes: [String]
    /// What the encoder reads, for each class [C×P]; where sentences are among them, P may differ between classes.
    public let texts: [[String]]
    /// The kind of each of ``texts``.
    public let kinds: [[PromptKind]]
    /// Tells features made with other prompts apart.
    ///
    /// A SHA-256 over the names and versions of template sets, the class names and every text; not over the names of
    /// files, so that a moved file keeps its features.
    public let digest: Digest
    /// What a user should know, as that a file has sentences for classes that the split lacks.
    public let notes: [String]

    /// Joins what several sources have for the classes, in their order.
    init(classes: [String], sources: [PromptSource], notes: [String]) {
        self.classes = classes
        texts = classes.indices.map { label in sources.flatMap { $0.texts[label] } }
        kinds = classes.indices.map { label in
            sources.flatMap { source in source.texts[label].map { _ in source.kind } }
        }
        digest = Self.digest(classes, sources, texts)
        self.notes = notes
    }

    /// The least and the greatest number of prompts that a class has.
    public var promptCounts: ClosedRange<Int> {
        let counts = texts.map(\.count)
        return (counts.min() ?? 0) ... (counts.max() ?? 0)
    }

    /// Whether all classes have the same kinds of prompts in the same places, as a table of features needs it.
    public var isEven: Bool { kinds.allSatisfy { $0 == kinds.first } }

    /// Quoted texts end where they say, so that no other prompts are written the same way.
    private static func digest(_ classes: [String], _ sources: [PromptSource], _ texts: [[String]]) -> Digest {
        var bytes = Array("fewshot-prompts 1\n".utf8)
        for source in sources {
            bytes += Array("\(source.kind.rawValue) \(source.version)".utf8)
            JSONText.append(source.name.utf8, to: &bytes)
            bytes += Array("\(source.texts.map { "\($0.count)" }.joined(separator: ","))\n".utf8)
        }
        for (name, texts) in zip(classes, texts) {
            JSONText.append(name.utf8, to: &bytes)
            for text in texts { JSONText.append(text.utf8, to: &bytes) }
            bytes.append(UInt8(ascii: "\n"))
        }
        return Digest(of: String(decoding: bytes, as: UTF8.self))
    }
}

/// What one template set or file gives to the prompts.
struct PromptSource {
    /// The set's name; empty for a file.
    let name: String
    let version: Int
    let kind: PromptKind
    /// For each class [C×P].
    let texts: [[String]]
}

extension ClassPrompts {
    /// A line for each prompt: the class's name, a tab, the prompt.
    ///
    /// Line breaks and tabs within a text are shown as spaces; ``json(only:)`` has the texts as they are.
    public func lines(only labels: [Int]? = nil) -> String {
        var page = ""
        for label in labels ?? Array(classes.indices) {
            for text in texts[label] { page += "\(Self.oneLine(classes[label]))\t\(Self.oneLine(text))\n" }
        }
        return page
    }

    /// An object of class names and lists of prompts in the order of labels, as files of sentences are written.
    public func json(only labels: [Int]? = nil) -> String {
        var bytes = Array("{".utf8)
        var written: Set<String> = []
        // Classes of the same name have the same prompts, and a key stands once.
        for label in labels ?? Array(classes.indices) where written.insert(classes[label]).inserted {
            bytes += Array(written.count == 1 ? "\n  ".utf8 : ",\n  ".utf8)
            JSONText.append(classes[label].utf8, to: &bytes)
            bytes += Array(": [".utf8)
            for (place, text) in texts[label].enumerated() {
                bytes += Array(place == 0 ? "\n    ".utf8 : ",\n    ".utf8)
                JSONText.append(text.utf8, to: &bytes)
            }
            bytes += Array("\n  ]".utf8)
        }
        return String(decoding: bytes, as: UTF8.self) + "\n}\n"
    }

    private static func oneLine(_ text: String) -> String {
        String(text.map { $0.isNewline || $0 == "\t" ? " " : $0 })
    }
}

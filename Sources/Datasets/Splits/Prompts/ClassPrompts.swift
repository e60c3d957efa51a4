public import Core

/// The prompts of every class of a split, ready for a text encoder.
public struct ClassPrompts: Sendable, Equatable {
    /// The class names in label order [C].
    public let classes: [String]
    /// The prompts of each class [C×P]; with sentences among them, P may differ between classes.
    public let texts: [[String]]
    /// The kind of each prompt in ``texts`` [C×P].
    public let kinds: [[PromptKind]]
    /// The file or template set of each prompt in ``texts``, in words; empty for a template that was given itself.
    public let origins: [[String]]
    /// The identity of the prompts, by which features made with other prompts are recognized.
    ///
    /// A SHA-256 over the names and versions of template sets, the class names and every text. File names are left out,
    /// so that a moved file keeps its features.
    public let digest: Digest
    /// Notes for the user, for example on sentences for classes that are not in the split.
    public let notes: [String]

    /// Joins the prompts of several sources, in the order of the sources.
    init(classes: [String], sources: [PromptSource], notes: [String]) {
        self.classes = classes
        texts = classes.indices.map { label in sources.flatMap { $0.texts[label] } }
        kinds = classes.indices.map { label in
            sources.flatMap { source in source.texts[label].map { _ in source.kind } }
        }
        origins = classes.indices.map { label in
            sources.flatMap { source in source.texts[label].map { _ in source.origin } }
        }
        digest = Self.digest(classes, sources, texts)
        self.notes = notes
    }

    /// Whether the prompts are equal, wherever they come from.
    public static func == (left: ClassPrompts, right: ClassPrompts) -> Bool {
        left.digest == right.digest && left.kinds == right.kinds && left.notes == right.notes
    }

    /// The smallest and the largest number of prompts per class.
    public var promptCounts: ClosedRange<Int> {
        let counts = texts.map(\.count)
        return (counts.min() ?? 0) ... (counts.max() ?? 0)
    }

    /// Whether all classes have the same sequence of prompt kinds, as a table of features requires.
    public var isEven: Bool { kinds.allSatisfy { $0 == kinds.first } }

    /// The texts are hashed as JSON strings, so that different prompts never give the same bytes.
    private static func digest(_ classes: [String], _ sources: [PromptSource], _ texts: [[String]]) -> Digest {
        var page = "fewshot-prompts 1\n"
        for source in sources {
            let counts = source.texts.map { "\($0.count)" }.joined(separator: ",")
            page += "\(source.kind.rawValue) \(source.version)\(JSONText.quoted(source.name))\(counts)\n"
        }
        for (name, texts) in zip(classes, texts) {
            page += JSONText.quoted(name) + texts.map(JSONText.quoted).joined() + "\n"
        }
        return Digest(of: page)
    }
}

/// The prompts of one template set or file.
struct PromptSource {
    /// The set's name; empty for a file.
    let name: String
    let version: Int
    /// The file or the set in words; empty for a template that was given itself.
    let origin: String
    let kind: PromptKind
    /// The prompts of each class [C×P].
    let texts: [[String]]
}

extension ClassPrompts {
    /// Returns one line per prompt: the class name, a tab and the prompt.
    ///
    /// Line breaks and tabs within a prompt become spaces; ``json(only:)`` keeps them.
    public func lines(only labels: [Int]? = nil) -> String {
        var page = ""
        for label in labels ?? Array(classes.indices) {
            for text in texts[label] { page += "\(Self.oneLine(classes[label]))\t\(Self.oneLine(text))\n" }
        }
        return page
    }

    /// Returns a JSON object of class names and lists of prompts, in label order: the format of a sentence file.
    public func json(only labels: [Int]? = nil) -> String {
        var written: Set<String> = []
        // Classes of the same name have the same prompts, and a key may occur only once.
        let labels = (labels ?? Array(classes.indices)).filter { written.insert(classes[$0]).inserted }
        let members = labels.map { label in
            let prompts = texts[label].map { "\n    \(JSONText.quoted($0))" }.joined(separator: ",")
            return "\n  \(JSONText.quoted(classes[label])): [\(prompts)\n  ]"
        }
        return "{\(members.joined(separator: ","))\n}\n"
    }

    private static func oneLine(_ text: String) -> String {
        String(text.map { $0.isNewline || $0 == "\t" ? " " : $0 })
    }
}

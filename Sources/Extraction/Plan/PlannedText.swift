internal import CLIP
internal import Core
internal import FeatureStore
internal import Splits

/// The prompts of all classes, and each different text once.
struct PlannedText: Sendable {
    let classes: [String]
    /// The prompts of each class [C×P].
    let prompts: [[String]]
    let kinds: [PromptKind]
    /// The different texts in order of first occurrence [U].
    let texts: [String]
    /// The index of each prompt's text [C×P].
    let places: [[Int]]
    /// The token ids of each text, padded to the context [U].
    let tokens: [[Int32]]
    var provenance: Provenance
    let notes: [String]

    var promptCount: Int { kinds.count }

    /// Tokenizes all prompts.
    ///
    /// - Throws: `badData` naming a prompt that is too long, unless `truncates`.
    init(
        _ prompts: ClassPrompts, _ tokenizer: any TextTokenizer, context: Int, truncates: Bool, provenance: Provenance
    ) throws(Fault) {
        let (kinds, rows, notes) = Self.even(prompts)
        var known: [String: Int] = [:]
        var texts: [String] = []
        var places: [[Int]] = []
        for row in rows {
            places.append(
                row.map { text in
                    if let place = known[text] { return place }
                    known[text] = texts.count
                    texts.append(text)
                    return texts.count - 1
                })
        }
        var tokens: [[Int32]] = []
        for text in texts { tokens.append(try tokenizer.encode(text, context: context, truncates: truncates)) }
        classes = prompts.classes
        self.prompts = rows
        self.kinds = kinds
        self.texts = texts
        self.places = places
        self.tokens = tokens
        self.provenance = provenance
        self.notes = prompts.notes + notes
    }

    /// Cuts the prompts to the same number of each kind for every class.
    private static func even(_ prompts: ClassPrompts) -> ([PromptKind], [[String]], [String]) {
        if prompts.isEven { return (prompts.kinds.first ?? [], prompts.texts, []) }
        var notes: [String] = []
        var kept = prompts.texts.map { _ in [String]() }
        var even: [PromptKind] = []
        for kind in PromptKind.allCases {
            let lists = zip(prompts.texts, prompts.kinds).map { texts, kinds in
                zip(texts, kinds).filter { $0.1 == kind }.map(\.0)
            }
            let least = lists.map(\.count).min() ?? 0
            let most = lists.map(\.count).max() ?? 0
            if least < most {
                notes.append(
                    "classes have \(least) to \(most) \(kind.rawValue)s: the first \(least) of each are encoded")
            }
            even += Array(repeating: kind, count: least)
            for label in kept.indices { kept[label] += lists[label].prefix(least) }
        }
        return (even, kept, notes)
    }
}

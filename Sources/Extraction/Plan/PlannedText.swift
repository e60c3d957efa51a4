internal import CLIP
internal import Core
internal import FeatureStore
internal import Splits

/// The prompts of all classes, each text once.
struct PlannedText: Sendable {
    let classes: [String]
    /// What each class's prompts are [C×P].
    let prompts: [[String]]
    let kinds: [PromptKind]
    /// The different texts, in the order in which they first occur [U].
    let texts: [String]
    /// For each class and prompt the place of its text [C×P].
    let places: [[Int]]
    /// The token ids of each text, padded to the context [U].
    let tokens: [[Int32]]
    var provenance: Provenance
    let notes: [String]

    var promptCount: Int { kinds.count }

    /// Tokenises all prompts.
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
        (self.classes, self.prompts, self.kinds, self.texts) = (prompts.classes, rows, kinds, texts)
        (self.places, self.tokens, self.provenance) = (places, tokens, provenance)
        self.notes = prompts.notes + notes
    }

    /// The same number of prompts of each kind for every class: as many as the class with the fewest has.
    private static func even(_ prompts: ClassPrompts) -> ([PromptKind], [[String]], [String]) {
        if prompts.isEven { return (prompts.kinds.first ?? [], prompts.texts, []) }
        var notes: [String] = []
        var kept = prompts.texts.map { _ in [String]() }
        var even: [PromptKind] = []
        for kind in PromptKind.allCases {
            let lists = zip(prompts.texts, prompts.kinds).map { texts, kinds in
                zip(texts, kinds).filter { $0.1 == kind }.map(\.0)
            }
            let (least, most) = (lists.map(\.count).min() ?? 0, lists.map(\.count).max() ?? 0)
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

internal import CLIP
internal import Core
internal import FeatureStore
internal import Kernels
internal import Splits

/// The prompts of all classes, and each different text once.
struct ResolvedText: Sendable {
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
    let provenance: Provenance
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
        for text in rows.joined() where known[text] == nil {
            known[text] = texts.count
            texts.append(text)
        }
        places = rows.map { row in row.compactMap { known[$0] } }
        tokens = try texts.map { text throws(Fault) in
            do throws(Fault) { return try tokenizer.encode(text, context: context, truncates: truncates) } catch {
                throw Self.tooLong(text, prompts, error)
            }
        }
        classes = prompts.classes
        self.prompts = rows
        self.kinds = kinds
        self.texts = texts
        self.provenance = provenance
        self.notes = prompts.notes + notes
    }

    /// The refusal of a prompt by the tokenizer, with the class and the file that it comes from.
    private static func tooLong(_ text: String, _ prompts: ClassPrompts, _ error: Fault) -> Fault {
        for (label, texts) in prompts.texts.enumerated() {
            guard let place = texts.firstIndex(of: text) else { continue }
            let origin = prompts.origins[label][place]
            let ofOrigin = origin.isEmpty ? "" : " of \(origin)"
            let isSentence = prompts.kinds[label][place] == .sentence
            let part = isSentence ? "the sentence" : "the class's name or the template"
            return Fault(
                error.status, "the class '\(shortened(prompts.classes[label]))'",
                found: "\(error.found) in the prompt '\(shortened(text))'\(ofOrigin)", expected: error.expected,
                remedy: "shorten \(part), or cut such prompts with \(option: "truncate")")
        }
        return error
    }

    private static func shortened(_ text: String) -> String { text.count <= 100 ? text : "\(text.prefix(99))…" }

    /// Encodes the texts at `places` on the calling thread.
    func rows(at places: ArraySlice<Int>, _ encoder: TextEncoder, _ type: FeatureType) throws(Fault) -> [RowRun] {
        let wanted = places.map { tokens[$0] }
        let features = try Parallel.onOneThread { () -> Result<Matrix, Fault> in
            Result { () throws(Fault) in try encoder.encode(tokens: wanted) }
        }.get()
        return places.enumerated().map { (start: $1, bytes: features.narrowedRow($0, to: type)) }
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

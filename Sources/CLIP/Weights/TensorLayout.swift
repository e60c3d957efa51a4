/// A convention for naming and storing the tensors of a model, as a table from stored names to this project's.
///
/// This project's names are those of the papers: `image` and `text` are the towers, `blocks.N` their transformer
/// blocks. A linear layer's `weight` is [outputs×inputs]; queries, keys and values are tensors of their own.
struct TensorLayout: Sendable {
    /// One row of the table, or its meaning for one block.
    struct Rule: Sendable {
        /// The stored name, in the table with `{}` for a block's number.
        let stored: String
        /// The tensors that are stacked along the first axis of the stored one.
        let tensors: [String]
        /// Whether the two axes are stored exchanged.
        var isTransposed = false
    }

    /// The name that summaries give.
    let name: String
    /// A remark on the layout that follows a fault of the weights; empty for the usual layouts.
    let note: String
    /// The configuration file that comes with models of this layout.
    let configuration: ModelConfiguration.Format
    /// Whether tensors of these names are in this layout.
    let matches: @Sendable (_ names: [String]) -> Bool
    private let rules: [String: Rule]
    private let inverse: [String: Rule]

    init(
        _ name: String, note: String = "", _ configuration: ModelConfiguration.Format, rules: [[Rule]],
        matches: @escaping @Sendable ([String]) -> Bool
    ) {
        self.name = name
        self.note = note
        self.configuration = configuration
        self.matches = matches
        let all = rules.flatMap { $0 }
        self.rules = Dictionary(uniqueKeysWithValues: all.map { ($0.stored, $0) })
        inverse = Dictionary(uniqueKeysWithValues: all.flatMap { rule in rule.tensors.map { ($0, rule) } })
    }

    /// The meaning of the tensor stored as `name`; nil if the layout has no such tensor.
    func match(stored name: String) -> Rule? { match(name, in: rules) }

    /// The stored tensor that contains the tensor `name`; nil if the layout has none.
    func match(_ name: String) -> Rule? { match(name, in: inverse) }

    private func match(_ name: String, in table: [String: Rule]) -> Rule? {
        let (pattern, number) = Self.pattern(of: name)
        guard let rule = table[pattern] else { return nil }
        func numbered(_ name: String) -> String { number.map { name.replacing("{}", with: $0) } ?? name }
        return Rule(
            stored: numbered(rule.stored), tensors: rule.tensors.map(numbered), isTransposed: rule.isTransposed)
    }

    /// `name` with its first number, which is a block's, as `{}`.
    private static func pattern(of name: String) -> (pattern: String, number: String?) {
        var parts = name.split(separator: ".", omittingEmptySubsequences: false)
        guard let index = parts.firstIndex(where: { Int($0).map(String.init) == String($0) }),
            !parts[index].hasPrefix("-")
        else { return (name, nil) }
        let number = String(parts[index])
        parts[index] = "{}"
        return (parts.joined(separator: "."), number)
    }
}

extension TensorLayout.Rule {
    /// The weight and the bias of a layer.
    static func layer(_ stored: String, _ name: String) -> [Self] {
        ["weight", "bias"].map { Self(stored: "\(stored).\($0)", tensors: ["\(name).\($0)"]) }
    }

    /// Each of several layers, `prefix` before its stored name and `name` before this project's.
    static func layers(_ prefix: String, _ name: String, _ layers: KeyValuePairs<String, String>) -> [Self] {
        layers.flatMap { layer(prefix + $0.key, "\(name).\($0.value)") }
    }

    /// Tensors that are stored as they are.
    static func tensors(_ names: KeyValuePairs<String, String>) -> [Self] {
        names.map { Self(stored: $0.key, tensors: [$0.value]) }
    }
}

internal import Core
internal import Splits

extension Subset {
    /// The names of the subsets in folders, columns and shards, in lower case.
    static let commonNames: [(subset: Subset, names: [String])] = [
        (.train, ["train", "training"]),
        (.val, ["val", "valid", "validation", "dev"]),
        (.test, ["test", "testing", "eval", "evaluation"]),
    ]

    /// The subset with the common name `name`, regardless of case; nil for any other name.
    init?(commonName name: some StringProtocol) {
        let name = name.lowercased()
        guard let known = Self.commonNames.first(where: { $0.names.contains(name) }) else { return nil }
        self = known.subset
    }

    /// All common names, for error messages.
    static var listOfCommonNames: String { commonNames.flatMap(\.names).joined(separator: ", ") }

    /// The only subset named by a word of `name`, such as `imagenet-train-000123`; nil for none or several.
    init?(wordOf name: some StringProtocol) {
        let found = Set(name.split(whereSeparator: { !$0.isLetter }).compactMap { Subset(commonName: $0) })
        guard let subset = found.first, found.count == 1 else { return nil }
        self = subset
    }
}

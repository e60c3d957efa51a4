internal import Core
internal import Splits

extension Subset {
    /// What folders, columns and shards call the parts, in small letters.
    static let usualNames: [(part: Subset, names: [String])] = [
        (.train, ["train", "training"]),
        (.val, ["val", "valid", "validation", "dev"]),
        (.test, ["test", "testing", "eval", "evaluation"]),
    ]

    /// The part that is called `name`, in letters of any case.
    init?(usualName name: some StringProtocol) {
        let small = name.lowercased()
        guard let known = Self.usualNames.first(where: { $0.names.contains(small) }) else { return nil }
        self = known.part
    }

    /// All the names, as an error lists them.
    static var listOfUsualNames: String { usualNames.flatMap(\.names).joined(separator: ", ") }

    /// The part that a word of `name` calls, as `imagenet-train-000123` does.
    init?(wordOf name: some StringProtocol) {
        var found: Set<Subset> = []
        for word in name.split(whereSeparator: { !$0.isLetter }) {
            if let part = Subset(usualName: word) { found.insert(part) }
        }
        guard let part = found.first, found.count == 1 else { return nil }
        self = part
    }
}

public import Core

/// The number of items per class to train on.
public enum Shots: Sendable, Hashable, Codable, CustomStringConvertible {
    /// K items of each class.
    case count(Int)
    /// The whole train subset.
    case all

    /// The number of items per class; nil for the whole subset.
    package var number: Int? {
        guard case .count(let count) = self else { return nil }
        return count
    }

    /// The number, or `all`.
    public var description: String { number.map(String.init) ?? "all" }

    /// Reads numbers of shots separated by commas, or `all`.
    ///
    /// - Throws: `usage` for anything else.
    public static func list(_ text: String) throws(Fault) -> [Shots] {
        let words = text.split(separator: ",")
        return try (words.isEmpty ? [""] : words).map { word throws(Fault) in
            let word = word.filter { $0 != " " }
            if word == "all" { return .all }
            guard let count = Int(word), (1 ... 1_000_000).contains(count) else {
                throw Fault(
                    .usage, option: "shots", found: "'\(word)'", expected: "whole numbers from 1, such as 1,2,4, or all"
                )
            }
            return .count(count)
        }
    }

    /// Decodes a number; anything else is `all`.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let count = try? container.decode(Int.self) { self = .count(count) } else { self = .all }
    }

    /// Encodes the number, or `all`.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        if let number { try container.encode(number) } else { try container.encode("all") }
    }
}

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

    /// Reads numbers of shots such as `1-4` or `1,2,4`, or `all`, separated by commas.
    ///
    /// - Throws: `usage` for anything else.
    public static func list(_ text: String) throws(Fault) -> [Shots] {
        var shots: [Shots] = []
        for word in text.split(separator: ",", omittingEmptySubsequences: false) {
            let word = word.filter { $0 != " " }
            if word == "all" {
                shots.append(.all)
            } else {
                shots += try counts(word).map { .count($0) }
            }
        }
        return shots
    }

    private static func counts(_ word: String) throws(Fault) -> [Int] {
        let fault = Fault(
            .usage, option: "shots", found: "'\(word)'", expected: "whole numbers from 1, such as 1,2,4 or 1-4, or all")
        let counts: [Int]
        do throws(Fault) { counts = try parseNumbers(word, of: "shots") } catch { throw fault }
        guard counts.allSatisfy({ (1 ... 1_000_000).contains($0) }) else { throw fault }
        return counts
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

/// The upper bounds of a search.
public typealias SearchScale = SearchSettings<Float>

/// The numbers of steps of a search.
public typealias SearchSteps = SearchSettings<Int>

/// One value for each searched setting, spelled `beta,alpha` or `beta,alpha,gamma`.
public struct SearchSettings<Value: Codable & Equatable & Sendable>: Sendable, Equatable, Codable {
    /// The value for β.
    public var beta: Value
    /// The value for α.
    public var alpha: Value
    /// The value for γ; nil for the default, or in methods without γ.
    public var gamma: Value?

    /// Takes the values for β, α and γ.
    public init(beta: Value, alpha: Value, gamma: Value? = nil) {
        self.beta = beta
        self.alpha = alpha
        self.gamma = gamma
    }

    /// Decodes a list of two or three values.
    public init(from decoder: any Decoder) throws {
        let values = try decodedList(of: Value.self, 2 ... 3, from: decoder)
        self.init(beta: values[0], alpha: values[1], gamma: values.count > 2 ? values[2] : nil)
    }

    /// Encodes the values as a list.
    public func encode(to encoder: any Encoder) throws { try all.encode(to: encoder) }

    /// The values in the order of their spelling.
    var all: [Value] { [beta, alpha] + (gamma.map { [$0] } ?? []) }
}

extension SearchSettings: CustomStringConvertible {
    /// The values, separated by commas.
    public var description: String { all.map { "\($0)" }.joined(separator: ",") }
}

/// Decodes a list, which has a number of values in `count`.
func decodedList<Value: Decodable>(
    of type: Value.Type, _ count: ClosedRange<Int>, from decoder: any Decoder
) throws -> [Value] {
    let values = try [Value](from: decoder)
    guard count.contains(values.count) else {
        throw DecodingError.dataCorrupted(
            .init(codingPath: decoder.codingPath, debugDescription: "\(values.count) numbers"))
    }
    return values
}

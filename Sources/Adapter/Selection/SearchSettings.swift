internal import Kernels

/// The upper bounds of a search.
public typealias SearchScale = SearchSettings<Float>

/// The numbers of steps of a search.
public typealias SearchSteps = SearchSettings<Int>

/// One value for each searched setting, spelled `beta,alpha` or `beta,alpha,gamma`.
public struct SearchSettings<Value: Codable & Equatable & Sendable>: Sendable, Equatable, Codable {
    public var beta: Value
    public var alpha: Value
    /// The value for γ; nil for the default, or in methods without γ.
    public var gamma: Value?

    public init(beta: Value, alpha: Value, gamma: Value? = nil) {
        self.beta = beta
        self.alpha = alpha
        self.gamma = gamma
    }

    public init(from decoder: any Decoder) throws {
        var values = try decoder.unkeyedContainer()
        beta = try values.decode(Value.self)
        alpha = try values.decode(Value.self)
        gamma = values.isAtEnd ? nil : try values.decode(Value.self)
        guard values.isAtEnd else {
            throw DecodingError.dataCorruptedError(in: values, debugDescription: "more than three numbers")
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var values = encoder.unkeyedContainer()
        for value in all { try values.encode(value) }
    }

    /// The values in the order of their spelling.
    var all: [Value] { [beta, alpha] + (gamma.map { [$0] } ?? []) }

    /// The values for β and α alone.
    var withoutGamma: Self { Self(beta: beta, alpha: alpha) }
}

extension SearchSettings: CustomStringConvertible {
    public var description: String { all.map { "\($0)" }.joined(separator: ",") }
}

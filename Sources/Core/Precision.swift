/// The number format of the products that dominate the time of a method or an encoder.
public enum Precision: String, Sendable, Codable, CaseIterable {
    /// Float32 throughout.
    case float32
    /// Factors rounded to bfloat16, sums in Float32.
    case bfloat16

    /// `f32` or `bf16`, as options and records of features spell it.
    public var word: String { self == .bfloat16 ? "bf16" : "f32" }

    /// The size of one value in bytes.
    package var width: Int { self == .float32 ? 4 : 2 }
}

/// A precision that a user asks for; `auto` leaves the choice to the program.
public enum PrecisionRequest: String, Sendable, Codable, CaseIterable {
    case auto, float32, bfloat16

    /// The request for exactly `precision`.
    public init(_ precision: Precision) { self = precision == .bfloat16 ? .bfloat16 : .float32 }

    /// Reads `auto`, `f32`, `bf16`, or the older `float32` and `bfloat16`; nil for anything else.
    public init?(word: String) {
        guard let request = Self.allCases.first(where: { $0.word == word || $0.rawValue == word }) else { return nil }
        self = request
    }

    /// `auto`, `f32` or `bf16`.
    public var word: String { Precision(rawValue: rawValue)?.word ?? rawValue }

    /// Decodes any spelling of ``init(word:)``.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let request = Self(word: try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "no precision")
        }
        self = request
    }
}

/// The number format of the factors of large products.
public enum Precision: String, Sendable, Codable, CaseIterable {
    /// Float32 factors and sums.
    case float32
    /// Factors rounded to bfloat16, sums in float32.
    case bfloat16

    /// bfloat16 if the processor has it in hardware, otherwise float32.
    public static var fastest: Precision { BFloat16.isAvailable ? .bfloat16 : .float32 }

    /// The size of one value in bytes.
    package var width: Int { self == .float32 ? 4 : 2 }
}

/// The number format of the products that dominate a method's time.
public enum Precision: String, Sendable, Codable, CaseIterable {
    /// Float32 throughout.
    case float32
    /// Factors rounded to bfloat16, sums in Float32.
    case bfloat16

    /// bfloat16 where the processor has it, else Float32.
    public static var fastest: Precision { BFloat16.isAvailable ? .bfloat16 : .float32 }

    /// Bytes of one value.
    package var width: Int { self == .float32 ? 4 : 2 }
}

public import Core

extension Precision {
    /// bfloat16 if the processor multiplies it, otherwise float32.
    public static var fastest: Precision { BFloat16.isAvailable ? .bfloat16 : .float32 }
}

extension PrecisionRequest {
    /// The requested precision on this processor.
    ///
    /// - Throws: `configuration` for bfloat16 if the processor does not multiply it.
    public func resolved() throws(Fault) -> Precision {
        switch self {
        case .auto: return .fastest
        case .float32: return .float32
        case .bfloat16:
            guard Precision.fastest == .bfloat16 else {
                throw .configuration(
                    option: "precision", found: "bf16 on a processor without AVX512_BF16 or AMX",
                    expected: "f32 or auto", remedy: "choose one of them")
            }
            return .bfloat16
        }
    }
}

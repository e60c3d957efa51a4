public import Core

extension Precision {
    /// bfloat16 if the processor multiplies it, otherwise float32.
    public static var fastest: Precision { BFloat16.isAvailable ? .bfloat16 : .float32 }
}

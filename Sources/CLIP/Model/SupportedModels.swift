internal import Core

/// The kinds of models that can be read, each in one line.
///
/// A new architecture is a type of its own and its line here.
enum SupportedModels {
    /// The kinds of image towers; the first whose tensors a model has is taken.
    static let imageArchitectures: [any ImageArchitecture.Type] = [
        ModifiedResNetShape.self,
        VisionTransformerShape.self,
    ]

    /// The kinds of text towers; the first whose tensors a model has is taken.
    static let textArchitectures: [any TextArchitecture.Type] = [
        TextTransformerShape.self
    ]

    /// The layouts of weights; the first whose names a model has is taken, the last for any names.
    private static let layouts: [TensorLayout] = [
        .transformers,
        .openCLIPCustomTextResNet,
        .openCLIPCustomText,
        .openAIResNet,
        .openAI,
    ]

    /// The layouts whose names and shapes the digest of weights uses; this project's own serve where these have none.
    static let digestLayouts: [TensorLayout] = [.openAI, .openAIResNet]

    /// The kinds of tokenizers; the first that reads a vocabulary is taken.
    static let tokenizers: [any VocabularyTokenizer.Type] = [
        BPETokenizer.self
    ]

    /// The layout with tensors of these names.
    static func layout(of names: [String]) -> TensorLayout { layouts.first { $0.matches(names) } ?? .openAI }
}

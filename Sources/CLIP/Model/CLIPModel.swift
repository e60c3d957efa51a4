public import Core
public import Images

/// A model with everything beside its weights: architecture, tokenizer, preprocessing and identity.
///
/// Opening it checks that every tensor of its architecture is there in its shape. A `.safetensors` file is mapped, so
/// opening costs little, and a tower that is not used is never read.
public final class CLIPModel: Sendable {
    /// The file or folder as the user named it.
    public let path: String
    /// The kinds and sizes of the towers.
    public let architecture: Architecture
    /// The origin of the activation: `config.json`, `open_clip_config.json` or `argument`.
    public let activationSource: String
    /// The tensors.
    let weights: StoredWeights
    private let configuration: ModelConfiguration
    /// The folder of the model's files.
    private let folder: String

    /// Opens the model at `path`.
    ///
    /// That is a `.safetensors` file, a `.pt` file of plain tensors or of a TorchScript module such as OpenAI's own, or
    /// a folder with such files and their configuration. Tensors have OpenAI's names or transformers'. `activation`
    /// replaces the configuration's. It is required where there is no configuration: weights do not show it, and the
    /// wrong one gives features that look right and are not.
    ///
    /// - Throws: `noInput` without weights, `configuration` without activation, `badData` for weights of another model.
    public init(path: String, activation: Activation? = nil) throws(Fault) {
        let found = try ModelFiles.find(path)
        let files = try found.paths.map { file throws(Fault) in try WeightFile(path: file) }
        let weights = try StoredWeights(files, path: path)
        var configuration = try ModelConfiguration(folder: found.folder, weights.layout.configuration)
        // A folder that was moved away meanwhile says nothing about its configuration.
        _ = try ModelFiles.find(path)
        if let activation { configuration.use(activation) }
        architecture = try Architecture(ArchitectureReader(weights: weights, configuration: configuration))
        self.path = path
        folder = found.folder
        activationSource = configuration.activationSource ?? "argument"
        self.configuration = configuration
        self.weights = weights
    }

    /// The factor of the logits that the model was trained with; 100 where the weights do not hold it.
    ///
    /// - Throws: `badData` for a value that is no finite number.
    public func logitScale() throws(Fault) -> Float { try weights.logitScale() }

    /// The tokenizer of the vocabulary at `vocabulary`, a file or folder, or beside the weights.
    ///
    /// - Throws: `noInput` where there is no vocabulary, `badData` for one of another model.
    public func tokenizer(vocabulary: String? = nil) throws(Fault) -> any TextTokenizer {
        let path = vocabulary ?? folder
        for kind in SupportedModels.tokenizers where try kind.canRead(path) {
            return try kind.init(path: path, embeddingCount: architecture.vocabularySize)
        }
        throw Fault(.noInput, path, found: "no known vocabulary", expected: "the vocabulary of a CLIP")
    }

    /// The preprocessing of the model's own files, or else CLIP's.
    ///
    /// - Throws: `badData` for settings that are not implemented, such as another interpolation.
    public func preprocessing(
        augmentation: Preprocessing.Augmentation = .tip, passes: PassOrder = .adaptive
    ) throws(Fault) -> Preprocessing {
        try configuration.preprocessing(size: architecture.imageSize, augmentation, passes)
    }

    /// The number of values of the larger tower.
    package var largestTower: Int { max(imageParameterCount, textParameterCount) }

    var imageParameterCount: Int { architecture.tensors.valueCount("image.") }
    var textParameterCount: Int { architecture.tensors.valueCount("text.") }
}

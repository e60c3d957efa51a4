internal import Core
internal import Images

/// The facts in the configuration files beside a model's weights that the weights do not show.
struct ModelConfiguration: Sendable {
    /// The configuration file that describes the towers, as the layout of the weights implies.
    enum Format: Sendable {
        /// `open_clip_config.json`.
        case openCLIP
        /// `config.json` of transformers for models of type `modelType`.
        case transformers(modelType: String)
    }

    /// The facts about one tower; nil for those that no file gives.
    struct Tower: Sendable {
        var heads: Int?
        /// The width of a head, in files that give this instead of ``heads``.
        var headWidth: Int?
        var activation: Activation?
        var epsilon: Float?
        /// The sizes that the weights show as well.
        var sizes: [Size: StatedSize] = [:]
        /// Whether the positional embedding may have another size than images of ``Size/image`` need.
        var resizesPositions = false
    }

    /// The sizes of a tower that the weights show.
    enum Size: Sendable {
        case image, patch, layers, width, hiddenWidth, embedding, context, vocabulary
    }

    private(set) var image = Tower()
    private(set) var text = Tower()
    /// The origin of the activation: a file's name, or `argument`.
    private(set) var activationSource: String?
    private var preprocessing: (any PreprocessingConfiguration)?

    /// Reads the files in `folder`; a missing file leaves its facts nil.
    ///
    /// - Throws: `badData` for a file that is damaged or describes another kind of model.
    init(folder: String, _ format: Format) throws(Fault) {
        let openCLIP = try ConfigurationSection.read(folder.appending(path: "open_clip_config.json"))
            .map { file throws(Fault) in try OpenCLIPConfiguration(file) }
        if let openCLIP {
            preprocessing = openCLIP
        } else {
            preprocessing = try TransformersPreprocessing(folder: folder)
        }
        switch format {
        case .openCLIP:
            guard let openCLIP else { return }
            (image, text) = try openCLIP.towers()
            activationSource = "open_clip_config.json"
        case .transformers(let modelType):
            guard let file = try ConfigurationSection.read(folder.appending(path: "config.json")) else { return }
            (image, text) = try TransformersConfiguration(file).towers(modelType: modelType)
            if image.activation != nil || text.activation != nil { activationSource = "config.json" }
        }
    }

    /// Uses `activation` for both towers instead of the files' own.
    mutating func use(_ activation: Activation) {
        image.activation = activation
        text.activation = activation
        activationSource = "argument"
    }

    /// The model's own preprocessing for images of `size`×`size` pixels, or else CLIP's.
    ///
    /// - Throws: `badData` for settings that are not implemented, such as another interpolation.
    func preprocessing(
        size: Int, _ augmentation: Preprocessing.Augmentation, _ passes: PassOrder
    ) throws(Fault) -> Preprocessing {
        var result = Preprocessing(size: size, passes: passes, augmentation: augmentation)
        try preprocessing?.apply(to: &result)
        try result.check()
        return result
    }
}

/// A file that describes how a model's images are preprocessed.
protocol PreprocessingConfiguration: Sendable {
    /// Changes the settings that the file gives.
    ///
    /// - Throws: `badData` for a setting that is not implemented, or an image size that is not the model's.
    func apply(to preprocessing: inout Preprocessing) throws(Fault)
}

extension ConfigurationSection {
    /// The remedy for images that are preprocessed in a way that is not implemented.
    static let otherPreprocessing: Remedy = "use a model that was trained with it"

    /// Checks that the image size `key` is the model's.
    func requireSide(_ key: String, _ size: Int) throws(Fault) {
        guard let side = try side(key), side != size else { return }
        throw wrong(
            key, expected: "\(size), the size of the model's images",
            remedy: "put the configuration beside the weights that belongs to them")
    }
}

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
        var activation: Activation?
        var epsilon: Float?
    }

    private(set) var image = Tower()
    private(set) var text = Tower()
    /// The origin of the activation: a file's name, or `argument`.
    private(set) var activationSource: String?
    private var preprocessing: (path: String, file: any PreprocessingConfiguration)?

    /// Reads the files in `folder`; a missing file leaves its facts nil.
    ///
    /// - Throws: `badData` for a file that is damaged or describes another kind of model.
    init(folder: String, _ format: Format) throws(Fault) {
        func read<File: Decodable>(_: File.Type, _ name: String) throws(Fault) -> File? {
            let path = folder.appending(path: name)
            guard case .file = try FileKind.found(at: path) else { return nil }
            return try JSONDocument.read(File.self, from: path, expected: "the configuration of a CLIP")
        }
        let openCLIP = try read(OpenCLIPConfiguration.self, "open_clip_config.json")
        if let openCLIP {
            preprocessing = (folder.appending(path: "open_clip_config.json"), openCLIP)
        } else if let file = try read(TransformersPreprocessing.self, "preprocessor_config.json") {
            preprocessing = (folder.appending(path: "preprocessor_config.json"), file)
        }
        switch format {
        case .openCLIP:
            guard let openCLIP else { return }
            (image, text) = try openCLIP.towers(folder.appending(path: "open_clip_config.json"))
            activationSource = "open_clip_config.json"
        case .transformers(let modelType):
            guard let file = try read(TransformersConfiguration.self, "config.json") else { return }
            (image, text) = try file.towers(folder.appending(path: "config.json"), modelType: modelType)
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
        if let preprocessing { try preprocessing.file.apply(to: &result, preprocessing.path) }
        try result.check()
        return result
    }
}

/// A file that describes how a model's images are preprocessed.
protocol PreprocessingConfiguration: Sendable {
    /// Changes the settings that the file at `path` gives.
    ///
    /// - Throws: `badData` for a setting that is not implemented.
    func apply(to preprocessing: inout Preprocessing, _ path: String) throws(Fault)
}

extension Fault {
    /// An interpolation other than bicubic.
    static func interpolation(_ found: String, _ path: String) -> Fault {
        .badData(
            path, found: "\(found) for resizing", expected: "bicubic", remedy: "use a model that was trained with it")
    }
}

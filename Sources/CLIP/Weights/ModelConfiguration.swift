internal import Core

/// What a configuration beside the weights says that the weights do not show.
struct ModelConfiguration: Sendable {
    struct Tower: Sendable {
        var heads: Int?
        var activation: Activation?
        var epsilon: Float?
    }

    var image = Tower()
    var text = Tower()
    /// Where the activation was read, as a summary tells it.
    var source: String?

    /// Uses `activation` for both towers, whatever a file says.
    mutating func use(_ activation: Activation) {
        image.activation = activation
        text.activation = activation
        source = "argument"
    }

    /// Reads the configuration for weights of some naming in `folder`, if there is one.
    ///
    /// Without a file the configuration says nothing.
    init(folder: String, naming: WeightNaming) throws(Fault) {
        switch naming {
        case .huggingFace:
            let path = "\(folder)/config.json"
            guard case .file = try FileKind.found(at: path) else { return }
            try read(JSONDocument.read(HuggingFaceFile.self, from: path, expected: Self.huggingFaceForm), path)
        case .openAI:
            let path = "\(folder)/open_clip_config.json"
            guard case .file = try FileKind.found(at: path) else { return }
            try read(JSONDocument.read(OpenCLIPFile.self, from: path, expected: Self.openCLIPForm), path)
        }
    }

    private static let huggingFaceForm = "the configuration of a CLIPModel of transformers"
    private static let openCLIPForm = "a model's configuration as open_clip writes it"

    private mutating func read(_ file: HuggingFaceFile, _ path: String) throws(Fault) {
        guard file.model_type == "clip" else {
            throw .badData(
                path, found: "a model of type '\(file.model_type)'", expected: "clip",
                remedy: "use a CLIP; other models cannot be run")
        }
        image = try tower(file.vision_config, path)
        text = try tower(file.text_config, path)
        if image.activation != nil || text.activation != nil { source = "config.json" }
    }

    private func tower(_ tower: HuggingFaceFile.Tower, _ path: String) throws(Fault) -> Tower {
        var activation: Activation?
        if let name = tower.hidden_act {
            activation = Activation(rawValue: name)
            guard activation != nil else {
                throw .badData(
                    path, found: "the activation '\(name)'", expected: "quick_gelu or gelu",
                    remedy: "use a model with one of these")
            }
        }
        return Tower(heads: tower.num_attention_heads, activation: activation, epsilon: tower.layer_norm_eps)
    }

    private mutating func read(_ file: OpenCLIPFile, _ path: String) throws(Fault) {
        let model = file.model_cfg
        let unknown =
            (model.vision_cfg.unknownKeys(OpenCLIPFile.visionKeys)
            + model.text_cfg.unknownKeys(OpenCLIPFile.textKeys)).sorted()
        guard unknown.isEmpty else {
            throw .badData(
                path,
                found: "the setting '\(unknown[0])'" + (unknown.count > 1 ? " and \(unknown.count - 1) more" : ""),
                expected: "a CLIP of OpenAI's kind", remedy: "use another model; this one is built differently")
        }
        // The library's own default where the configuration is silent.
        let activation: Activation = model.quick_gelu == true ? .quickGELU : .gelu
        image.activation = activation
        text.activation = activation
        source = "open_clip_config.json"
        text.heads = model.text_cfg.integer("heads")
        if let headWidth = model.vision_cfg.integer("head_width"), let width = model.vision_cfg.integer("width") {
            guard headWidth > 0, width > 0 else {
                throw .badData(path, found: "heads of width \(headWidth) in a tower of \(width)", expected: "positive")
            }
            image.heads = width / headWidth
        }
    }
}

/// The parts of transformers' `config.json` that matter here.
private struct HuggingFaceFile: Decodable {
    struct Tower: Decodable {
        var hidden_act: String?
        var num_attention_heads: Int?
        var layer_norm_eps: Float?
    }

    var model_type: String
    var vision_config: Tower
    var text_config: Tower
}

/// The parts of `open_clip_config.json` that matter here.
private struct OpenCLIPFile: Decodable {
    struct Model: Decodable {
        var quick_gelu: Bool?
        var vision_cfg: Settings
        var text_cfg: Settings
    }

    /// Settings by name; those that are no number, text or switch are kept by name only.
    struct Settings: Decodable {
        private var numbers: [String: Int] = [:]
        private var names: [String] = []

        private struct Key: CodingKey {
            var stringValue: String
            var intValue: Int? { nil }
            init(stringValue: String) { self.stringValue = stringValue }
            init?(intValue: Int) { nil }
        }

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: Key.self)
            for key in container.allKeys {
                if try container.decodeNil(forKey: key) { continue }
                names.append(key.stringValue)
                if let number = try? container.decode(Int.self, forKey: key) { numbers[key.stringValue] = number }
            }
        }

        func integer(_ name: String) -> Int? { numbers[name] }

        func unknownKeys(_ known: Set<String>) -> [String] { names.filter { !known.contains($0) } }
    }

    static let visionKeys: Set = ["image_size", "layers", "width", "patch_size", "head_width", "mlp_ratio"]
    static let textKeys: Set = ["context_length", "vocab_size", "width", "heads", "layers", "mlp_ratio"]

    var model_cfg: Model
}

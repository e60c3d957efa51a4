internal import Core
internal import Images

/// The contents of `open_clip_config.json` that matter here.
struct OpenCLIPConfiguration: Decodable, Sendable {
    private let model_cfg: Model?
    private let preprocess_cfg: Images?

    private struct Model: Decodable {
        let quick_gelu: Bool?
        let vision_cfg: [String: Setting?]
        let text_cfg: [String: Setting?]
    }

    private struct Images: Decodable {
        let mean: [Double]?
        let std: [Double]?
        let interpolation: String?
        let resize_mode: String?
    }

    /// A setting of a tower, whose value matters only if it is an integer.
    private struct Setting: Decodable {
        let integer: Int?

        init(from decoder: any Decoder) { integer = try? decoder.singleValueContainer().decode(Int.self) }
    }

    private static let imageKeys: Set = ["image_size", "layers", "width", "patch_size", "head_width", "mlp_ratio"]
    private static let textKeys: Set = ["context_length", "vocab_size", "width", "heads", "layers", "mlp_ratio"]

    /// The facts about both towers.
    ///
    /// - Throws: `badData` for a setting of models that are built differently.
    func towers(
        _ path: String
    ) throws(Fault) -> (image: ModelConfiguration.Tower, text: ModelConfiguration.Tower) {
        guard let model = model_cfg else {
            throw .badData(path, found: "no 'model_cfg'", expected: "the configuration of a CLIP")
        }
        let image = model.vision_cfg.compactMapValues { $0 }
        let text = model.text_cfg.compactMapValues { $0 }
        let unknown =
            image.keys.filter { !Self.imageKeys.contains($0) } + text.keys.filter { !Self.textKeys.contains($0) }
        if let first = unknown.min() {
            throw .badData(
                path,
                found: "the setting '\(first)'" + (unknown.count > 1 ? " and \(unknown.count - 1) more" : ""),
                expected: "a CLIP of OpenAI's kind", remedy: "use another model; this one is built differently")
        }
        var heads: Int?
        if let headWidth = image["head_width"]?.integer, let width = image["width"]?.integer {
            guard headWidth > 0, width > 0 else {
                throw .badData(path, found: "heads of width \(headWidth) in a tower of \(width)", expected: "positive")
            }
            heads = width / headWidth
        }
        // GELU is open_clip's default.
        let activation: Activation = model.quick_gelu == true ? .quickGELU : .gelu
        return (
            .init(heads: heads, activation: activation),
            .init(heads: text["heads"]?.integer, activation: activation)
        )
    }
}

extension OpenCLIPConfiguration: PreprocessingConfiguration {
    func apply(to preprocessing: inout Preprocessing, _ path: String) throws(Fault) {
        guard let images = preprocess_cfg else { return }
        if let name = images.interpolation, name != "bicubic" { throw .interpolation("'\(name)'", path) }
        if let name = images.resize_mode {
            guard let mode = Preprocessing.ResizeMode(rawValue: name) else {
                throw .badData(
                    path, found: "the resize mode '\(name)'", expected: "shortest or squash",
                    remedy: "use a model that was trained with one of these")
            }
            preprocessing.resizeMode = mode
        }
        preprocessing.mean = images.mean ?? preprocessing.mean
        preprocessing.std = images.std ?? preprocessing.std
    }
}

internal import Core
internal import Images

/// The contents of transformers' `config.json` that matter here.
struct TransformersConfiguration: Decodable {
    private let model_type: String
    private let vision_config: Settings
    private let text_config: Settings

    private struct Settings: Decodable {
        let hidden_act: String?
        let num_attention_heads: Int?
        let layer_norm_eps: Float?

        func tower(_ path: String) throws(Fault) -> ModelConfiguration.Tower {
            let activation = hidden_act.flatMap(Activation.init)
            guard hidden_act == nil || activation != nil else {
                throw .badData(
                    path, found: "the activation '\(hidden_act ?? "")'", expected: "quick_gelu or gelu",
                    remedy: "use a model with one of these")
            }
            return .init(heads: num_attention_heads, activation: activation, epsilon: layer_norm_eps)
        }
    }

    /// The facts about both towers.
    ///
    /// - Throws: `badData` for a model of another type than `modelType`, or an activation that is not implemented.
    func towers(
        _ path: String, modelType: String
    ) throws(Fault) -> (image: ModelConfiguration.Tower, text: ModelConfiguration.Tower) {
        guard model_type == modelType else {
            throw .badData(
                path, found: "a model of type '\(model_type)'", expected: modelType,
                remedy: "use a CLIP; other models cannot be run")
        }
        return (try vision_config.tower(path), try text_config.tower(path))
    }
}

/// The contents of transformers' `preprocessor_config.json` that matter here.
struct TransformersPreprocessing: Decodable, PreprocessingConfiguration {
    private let image_mean: [Double]?
    private let image_std: [Double]?
    private let resample: Int?
    private let do_center_crop: Bool?

    func apply(to preprocessing: inout Preprocessing, _ path: String) throws(Fault) {
        // Pillow's number of its bicubic filter.
        if let resample, resample != 3 { throw .interpolation("the filter \(resample)", path) }
        if do_center_crop == false { preprocessing.resizeMode = .squash }
        preprocessing.mean = image_mean ?? preprocessing.mean
        preprocessing.std = image_std ?? preprocessing.std
    }
}

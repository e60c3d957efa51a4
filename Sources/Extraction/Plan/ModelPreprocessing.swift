internal import CLIP
internal import Core
internal import Images

extension Preprocessing {
    /// What the model's own files ask for: `open_clip_config.json` or `preprocessor_config.json` beside the weights, else CLIP's.
    ///
    /// - Throws: `badData` for what is not done here, as another interpolation.
    init(of weights: ModelWeights, augmentation: Augmentation, passes: PassOrder) throws(Fault) {
        self.init(size: weights.architecture.imageSize, passes: passes, augmentation: augmentation)
        let folder = try FileKind.found(at: weights.path) == .folder ? weights.path : parentFolder(of: weights.path)
        let (ours, theirs) = ("\(folder)/open_clip_config.json", "\(folder)/preprocessor_config.json")
        if case .file = try FileKind.found(at: ours) {
            let file = try JSONDocument.read(OpenCLIPFile.self, from: ours, expected: "a model's configuration")
            try apply(file.preprocess_cfg ?? .init(), ours)
        } else if case .file = try FileKind.found(at: theirs) {
            let file = try JSONDocument.read(
                HuggingFaceFile.self, from: theirs, expected: "a preprocessor's configuration")
            try apply(file, theirs)
        }
        try check()
    }

    private mutating func apply(_ file: OpenCLIPFile.Settings, _ path: String) throws(Fault) {
        if let name = file.interpolation, name != "bicubic" {
            throw .interpolation("'\(name)'", path)
        }
        if let name = file.resize_mode {
            guard let mode = ResizeMode(rawValue: name) else {
                throw .badData(
                    path, found: "the resize mode '\(name)'", expected: "shortest or squash",
                    remedy: "use a model that was trained with one of these")
            }
            resizeMode = mode
        }
        mean = file.mean ?? mean
        std = file.std ?? std
    }

    private mutating func apply(_ file: HuggingFaceFile, _ path: String) throws(Fault) {
        // Pillow's number of its bicubic filter.
        if let number = file.resample, number != 3 { throw .interpolation("the filter \(number)", path) }
        if file.do_center_crop == false { resizeMode = .squash }
        mean = file.image_mean ?? mean
        std = file.image_std ?? std
    }
}

extension Fault {
    fileprivate static func interpolation(_ found: String, _ path: String) -> Fault {
        .badData(
            path, found: "\(found) for resizing", expected: "bicubic", remedy: "use a model that was trained with it")
    }
}

private struct OpenCLIPFile: Decodable {
    struct Settings: Decodable {
        var mean: [Double]?
        var std: [Double]?
        var interpolation: String?
        var resize_mode: String?
    }

    var preprocess_cfg: Settings?
}

private struct HuggingFaceFile: Decodable {
    var image_mean: [Double]?
    var image_std: [Double]?
    var resample: Int?
    var do_center_crop: Bool?
}

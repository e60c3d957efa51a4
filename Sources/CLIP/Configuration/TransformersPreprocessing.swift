internal import Core
internal import Images

/// The description of preprocessing in transformers' files.
struct TransformersPreprocessing: PreprocessingConfiguration {
    private let settings: ConfigurationSection

    /// Reads `image_processor` of `processor_config.json`, or else `preprocessor_config.json`; nil without both.
    init?(folder: String) throws(Fault) {
        let processor = try ConfigurationSection.read(folder.appending(path: "processor_config.json"))
        if let nested = try processor?.section("image_processor") {
            settings = nested
        } else if let file = try ConfigurationSection.read(folder.appending(path: "preprocessor_config.json")) {
            settings = file
        } else {
            return nil
        }
    }

    func apply(to preprocessing: inout Preprocessing) throws(Fault) {
        try refuseOtherKinds()
        preprocessing.resizeMode = try resizeMode()
        let crops = try settings.flag("do_center_crop") ?? true
        if crops { try settings.requireSide("crop_size", preprocessing.size) }
        try requireResizing(to: preprocessing.size)
        preprocessing.mean = try settings.channels("image_mean") ?? preprocessing.mean
        preprocessing.std = try settings.channels("image_std") ?? preprocessing.std
        if try settings.flag("do_normalize") == false {
            preprocessing.mean = [0, 0, 0]
            preprocessing.std = [1, 1, 1]
        }
    }

    private func refuseOtherKinds() throws(Fault) {
        for key in ["image_processor_type", "feature_extractor_type"] {
            guard let type = try settings.text(key), !type.hasPrefix("CLIP") else { continue }
            throw settings.wrong(
                key, expected: "one of CLIP's, as 'CLIPImageProcessor'",
                remedy: ConfigurationSection.otherPreprocessing)
        }
        // Pillow's number of its bicubic filter.
        for (key, value) in [
            ("resample", .number(3)), ("do_resize", .boolean(true)), ("do_rescale", .boolean(true)),
            ("do_pad", .boolean(false)),
        ] as [(String, ConfigurationValue)] {
            guard let found = settings[key], found != value else { continue }
            throw settings.wrong(
                key, expected: key == "resample" ? "3 (bicubic)" : "\(value)",
                remedy: ConfigurationSection.otherPreprocessing)
        }
        if let factor = try settings.number("rescale_factor"), abs(factor * 255 - 1) > 1e-6 {
            throw settings.wrong(
                "rescale_factor", expected: "1/255", remedy: ConfigurationSection.otherPreprocessing)
        }
    }

    /// An exact size changes the aspect ratio, and a shorter side needs the crop.
    private func resizeMode() throws(Fault) -> Preprocessing.ResizeMode {
        if try settings.flag("use_square_size") == true { return .squash }
        if case .object(let fields)? = settings["size"] {
            if fields["shortest_edge"] == nil { return .squash }
        } else if try settings.flag("default_to_square") == true {
            return .squash
        }
        guard try settings.flag("do_center_crop") == false else { return .shortest }
        throw settings.wrong(
            "do_center_crop", expected: "true, or an exact 'size' of 'height' and 'width'",
            remedy: ConfigurationSection.otherPreprocessing)
    }

    /// Checks that images are resized to the size of the model's images, without a wider border that is cropped.
    private func requireResizing(to size: Int) throws(Fault) {
        guard case .object(let fields)? = settings["size"], let side = fields["shortest_edge"] else {
            return try settings.requireSide("size", size)
        }
        guard side.integer == size, fields.count == 1 else {
            throw settings.wrong(
                "size", expected: "a 'shortest_edge' of \(size), the size of the model's images",
                remedy: ConfigurationSection.otherPreprocessing)
        }
    }
}

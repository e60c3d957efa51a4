internal import Adapter
internal import ArgumentParser
internal import CLIP
internal import Command
internal import Core
internal import FeatureStore
internal import Images
internal import Kernels
internal import Studies

struct PredictCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "predict", abstract: "Predict the classes of images, with probabilities.",
        discussion: """
            Takes image files, folders of images, lists of paths (.txt, or - for standard input), or one feature \
            folder. Probabilities are the softmax of the adapter's logits over its classes. Images that cannot be read \
            are listed, and the status is then 65.
            """)

    @OptionGroup var adapter: RunArgument

    @Argument(
        help: """
            Image files, folders, lists of paths (.txt, .lst, or - for standard input), or one feature folder; with \
            --split, the data root.
            """, completion: .file())
    var inputs: [String] = []

    @Option(help: "A file with one path per line. May be repeated.", completion: .file())
    var list: [String] = []

    @Option(
        help: "Predict the images of a split's subset, whose labels are then known; takes the data root.",
        completion: .file())
    var split: String?

    @Option(
        help: "The encoder's weights (default: those that made the adapter's features, if they are still there).",
        completion: .directory)
    var model: String?

    @Option(help: "quick_gelu or gelu, where neither the adapter's features nor the model's configuration tell.")
    var activation: Activation?

    @Option(help: "The arithmetic: auto, f32 or bf16 (default: that of the adapter's features).")
    var precision: PrecisionRequest?

    @Option(
        name: [.customLong("subset"), .customLong("part")],
        help: "The subset of a feature folder or split: test, val or train.")
    var subset = Subset.test

    @OptionGroup var items: ItemOptions
    @OptionGroup var threads: ThreadOptions

    func validate() throws {
        guard !inputs.isEmpty || !list.isEmpty else {
            throw ValidationError("found nothing to predict, expected image files, folders or a feature folder")
        }
        guard split == nil || (inputs.count == 1 && list.isEmpty) else {
            throw ValidationError("--split: found several inputs, expected the data root alone")
        }
    }

    func run() throws {
        threads.apply()
        let saved = try adapter.read()
        if split == nil, list.isEmpty, inputs.count == 1, FeatureFolder.exists(at: inputs[0]) {
            var output = try PredictionOutput(items, hasLabels: true)
            output.add(try saved.predictions(on: inputs[0], part: subset, top: items.top))
            return try output.finish()
        }
        if let split { return try predict(ImageInputs(split: split, subset: subset, root: inputs[0]), by: saved) }
        try predict(ImageInputs(inputs, lists: list), by: saved)
    }

    /// Encodes and predicts the images chunk by chunk, and lists those that cannot be read.
    private func predict(_ images: ImageInputs, by saved: SavedRun) throws {
        let arguments = EncoderArguments(model: model, activation: activation, precision: precision)
        let encoder = try arguments.encoder(of: saved)
        var output = try PredictionOutput(items, hasLabels: images.hasLabels)
        var unreadable: [String] = []
        var clipped = ClippedImages()
        let chunk = encoder.chunkSize
        try withProgress("images", unit: "images") { progress throws(Fault) in
            for start in stride(from: 0, to: images.count, by: chunk) {
                let block = start ..< min(images.count, start + chunk)
                let encoded = try encoder.encode(images.paths(block))
                let names = encoded.positions.map { images.name(start + $0) }
                let found = try saved.adapter.predictions(of: encoded.features, items: names, top: items.top)
                output.add(
                    zip(encoded.positions, found).map { position, prediction in
                        images.label(start + position).map { prediction.labeled($0) } ?? prediction
                    })
                unreadable += encoded.unreadable.map { "\($0.fault)" }
                clipped.add(contentsOf: encoded.clipped)
                // A single chunk needs no display.
                if images.count > chunk { try progress(block.upperBound, images.count) }
            }
        }
        try output.finish()
        if let sentence = clipped.note(total: images.count) { printMessage("note: \(sentence)") }
        guard !unreadable.isEmpty else { return }
        for sentence in unreadable { printMessage("left out: \(sentence)") }
        printMessage("\(unreadable.count) of \(images.count) images could not be read and were left out")
        throw ExitCode(ExitStatus.badData.rawValue)
    }
}

internal import Adapter
internal import ArgumentParser
internal import CLIP
internal import Command
internal import Core
internal import Images
internal import Kernels
internal import Reporting
internal import Studies

struct PredictCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "predict", abstract: "Predict the classes of images, with probabilities.",
        discussion: """
            Takes image files, which --model encodes like the adapter's features, or one feature folder. Probabilities \
            are the softmax of the adapter's logits over its classes.
            """)

    @OptionGroup var adapter: RunArgument

    @Argument(help: "Image files, or one feature folder.", completion: .file())
    var inputs: [String]

    @Option(help: "The encoder's weights: those that made the adapter's features.", completion: .directory)
    var model: String?

    @Option(help: "quick_gelu (OpenAI's weights) or gelu, if the model's configuration does not set it.")
    var activation: Activation?

    @Option(help: "The arithmetic: auto, f32 or bf16 (default: that of the adapter's features).")
    var precision: PrecisionRequest?

    @Option(help: "The subset of a feature folder: test, val or train.")
    var part = Subset.test

    @Option(help: "The number of classes to print per item.")
    var top = 5

    @OptionGroup var threads: ThreadOptions
    @OptionGroup var printing: OutputOptions

    func validate() throws {
        guard top > 0 else { throw ValidationError("--top: found \(top), expected 1 or more.") }
    }

    func run() throws {
        threads.apply()
        let saved = try adapter.read()
        let predictions =
            inputs.count == 1 && FileKind(at: inputs[0]) == .folder
            ? try saved.predictions(on: inputs[0], part: part, top: top) : try predictImages(saved)
        printing.print(predictions, page: predictions.map(Self.line).joined())
    }

    private func predictImages(_ saved: SavedRun) throws(Fault) -> [Prediction] {
        guard let model else {
            throw Fault(
                .usage, "--model", found: "no model for image files", expected: "the encoder's weights",
                remedy: "name the model that made the adapter's features, or give a feature folder")
        }
        for path in inputs where FileKind(at: path) == .folder {
            throw Fault(
                .usage, path, found: "a folder among image files", expected: "image files, or one feature folder",
                remedy: "name the files")
        }
        let recorded = try saved.recorded("precision").flatMap(PrecisionRequest.init(word:))
        let images = try ImageFileEncoder(
            model: model, activation: activation, precision: try (precision ?? recorded ?? .auto).resolved(),
            passes: try saved.recorded("passes").flatMap(PassOrder.init) ?? .adaptive)
        let note = try saved.requireEncoder(images.weights, precision: images.precision, model: model)
        if let note { printMessage("note: \(note)") }
        let features = try images.features(
            of: inputs, note: { printMessage("note: \($0)") },
            progress: { _ throws(Fault) in try Interruption.check("predict") })
        return try saved.adapter.predictions(of: features, items: inputs, top: top)
    }

    private static func line(_ prediction: Prediction) -> String {
        let classes = prediction.classes.map { "\($0.name) \(decimal(100 * Double($0.probability), 2)) %" }
        return "\(prediction.item): \(classes.joined(separator: ", "))\n"
    }
}

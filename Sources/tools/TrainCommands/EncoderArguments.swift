internal import CLIP
internal import Command
internal import Core
internal import Images
internal import Kernels
internal import Studies

/// The encoder for a run's images: as its features were made, unless options say otherwise.
struct EncoderArguments {
    let model: String?
    let activation: Activation?
    let precision: PrecisionRequest?

    /// Opens the weights that encoded the run's features.
    ///
    /// - Throws: `usage` if their place is unknown, `configuration` for another activation, `badData` for other
    ///   weights.
    func encoder(of saved: SavedRun) throws(Fault) -> ImageFileEncoder {
        let path = try modelPath(saved)
        let recorded = try saved.recorded("activation").flatMap(Activation.init(rawValue:))
        if let activation, let recorded, activation != recorded {
            throw .configuration(
                option: "activation", found: activation.rawValue,
                expected: "\(recorded.rawValue), with which the features of \(saved.path) were made",
                remedy: "leave it out")
        }
        let arithmetic = try saved.recorded("precision").flatMap(PrecisionRequest.init(word:))
        let images = try ImageFileEncoder(
            model: path, activation: recorded ?? activation, precision: (precision ?? arithmetic ?? .auto).resolved(),
            passes: saved.recorded("passes").flatMap(PassOrder.init) ?? .adaptive)
        let note = try saved.requireEncoder(images.weights, precision: images.precision, model: path)
        if let note { printMessage("note: \(note)") }
        return images
    }

    private func modelPath(_ saved: SavedRun) throws(Fault) -> String {
        if let model { return model }
        guard let path = saved.recordedModel else {
            throw Fault(
                .usage, "--model", found: "no model for image files", expected: "the encoder's weights",
                remedy: "name the model that made the adapter's features, or give a feature folder")
        }
        guard try FileKind.found(at: path) != .absent else {
            throw Fault(
                .noInput, path, found: "no such file or directory",
                expected: "the weights that made the features of \(saved.path)",
                remedy: "name their new place with \(option: "model")")
        }
        return path
    }
}

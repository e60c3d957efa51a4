public import Core
public import Images
public import Kernels

/// Encodes single image files as a feature build encodes their plain views.
public struct ImageFileEncoder: Sendable {
    private let encoder: ImageEncoder
    private let preprocessing: Preprocessing
    /// The digest of the weights, which features that they made record.
    public let weights: Digest
    /// The precision as features record it, `bf16` or `f32`.
    public var precision: String { encoder.precision.word }

    /// Opens the model at `path` and packs its image tower.
    ///
    /// - Throws: what opening the model or packing the tower throws.
    public init(
        model path: String, activation: Activation? = nil, precision: Precision = .fastest,
        passes: PassOrder = .adaptive
    ) throws(Fault) {
        let model = try CLIPModel(path: path, activation: activation)
        encoder = try ImageEncoder(model, precision: precision)
        preprocessing = try model.preprocessing(passes: passes)
        weights = try model.contentDigest()
    }

    /// Returns the raw features [N×D] of the image files at `paths`.
    ///
    /// `progress` receives the number of finished images; an error that it throws ends the work. `note` receives a
    /// sentence if pixels were clipped.
    ///
    /// - Throws: `noInput` or `badData` for a file that is no image.
    public func features(
        of paths: [String], note: (String) -> Void = { _ in },
        progress: (Int) throws(Fault) -> Void = { _ throws(Fault) in }
    ) throws(Fault) -> Matrix {
        var preprocessor = try Preprocessor(preprocessing)
        var blocks: [Matrix] = []
        var clipped = ClippedImages()
        for start in stride(from: 0, to: paths.count, by: encoder.batchSize) {
            let block = start ..< min(paths.count, start + encoder.batchSize)
            var pixels = [Float](repeating: 0, count: block.count * preprocessing.count)
            for index in block {
                let bytes = try fileBytes(paths[index])
                let image = try unsafe ImagePixels(decoding: bytes.span.bytes, path: paths[index])
                clipped.add(image)
                var span = pixels.mutableSpan
                try preprocessor.write(
                    ViewKey(seed: 0, item: paths[index], view: 0), of: image, path: paths[index], into: &span,
                    at: (index - start) * preprocessing.count)
            }
            blocks.append(encoder.encode(pixels.span, count: block.count))
            try progress(block.upperBound)
        }
        if let sentence = clipped.note(total: paths.count) { note(sentence) }
        return .stacked(blocks)
    }
}

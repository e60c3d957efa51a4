public import CLIP
public import Core
public import Images
public import Kernels

/// Single images as a build's plain views see them, for finished adapters.
public struct PlainImages: Sendable {
    private let encoder: ImageEncoder
    private let preprocessing: Preprocessing
    /// The identity of the weights, as features that they made have it.
    public let weights: Digest
    /// The precision as features have it, `bf16` or `f32`.
    public let precision: String

    /// - Throws: what is wrong with the weights.
    public init(
        model: String, activation: Activation? = nil, precision: PrecisionRequest = .auto,
        passes: PassOrder = .adaptive
    ) throws(Fault) {
        let weights = try ModelWeights(path: model, activation: activation)
        let chosen = try precision.resolved()
        encoder = try ImageEncoder(weights, precision: chosen)
        preprocessing = try Preprocessing(of: weights, augmentation: .tip, passes: passes)
        self.weights = try weights.contentDigest()
        self.precision = chosen.word
    }

    /// Raw features [N×D] of the image files at `paths`.
    ///
    /// `progress` is told how many are done; what it throws ends the work.
    /// - Throws: `noInput` or `badData` for a file that is no image.
    public func features(
        of paths: [String], progress: (Int) throws(Fault) -> Void = { _ throws(Fault) in }
    ) throws(Fault) -> Matrix {
        var preprocessor = try Preprocessor(preprocessing)
        var blocks: [Matrix] = []
        for start in stride(from: 0, to: paths.count, by: encoder.imagesAtATime) {
            let block = start ..< min(paths.count, start + encoder.imagesAtATime)
            var pixels = [Float](repeating: 0, count: block.count * preprocessing.count)
            for index in block {
                let bytes = try fileBytes(paths[index])
                let image = try unsafe ImagePixels(decoding: bytes.span.bytes, path: paths[index])
                var span = pixels.mutableSpan
                try preprocessor.write(
                    ViewKey(seed: 0, item: paths[index], view: 0), of: image, path: paths[index], into: &span,
                    at: (index - start) * preprocessing.count, channels: .last)
            }
            blocks.append(encoder.encode(pixels.span, count: block.count))
            try progress(block.upperBound)
        }
        return .stacked(blocks)
    }
}

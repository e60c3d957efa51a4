internal import Archives
internal import CLIP
internal import Core
internal import FeatureStore
internal import Images
internal import Kernels

/// The agreement of bfloat16 features with float32 ones, measured on some images of the data set.
enum PrecisionAgreement {
    /// The number of images to encode again.
    private static let sampleCount = 32

    /// The findings to record; nil if the features are float32.
    ///
    /// Compares plain views that are evenly spread over the encoded items of `subset`. The class of a view is the
    /// nearest mean of unit text features in the file at `text`. `plainView` returns an item's stored view.
    static func findings(
        _ subset: ResolvedSubset, _ resolved: ResolvedBuild, _ text: String, encoded: [Int],
        plainView: (Int) throws(Fault) -> [Float]
    ) throws(Fault) -> [String: String]? {
        guard resolved.precision == .bfloat16, !encoded.isEmpty else { return nil }
        let count = min(sampleCount, encoded.count)
        let items = (0 ..< count).map { encoded[$0 * encoded.count / count] }
        let exact = try exactFeatures(items, subset, resolved)
        let text = try ClassMeans(text)
        var agreeing = 0
        var least = Float.infinity
        for (index, item) in items.enumerated() {
            let stored = try plainView(item)
            least = min(least, cosine(exact.row(index), stored))
            if text.nearest(exact.row(index)) == text.nearest(stored) { agreeing += 1 }
        }
        return [
            "bf16 agreement":
                "\(agreeing) of \(count) sampled images have the zero-shot class of f32; least cosine \(least)"
        ]
    }

    /// The plain views of `items` in float32.
    private static func exactFeatures(
        _ items: [Int], _ subset: ResolvedSubset, _ resolved: ResolvedBuild
    ) throws(Fault) -> Matrix {
        let encoder = try ImageEncoder(resolved.model, precision: .float32)
        let preprocessing = resolved.preprocessing
        var preprocessor = try Preprocessor(preprocessing)
        var features: [Float] = []
        let piece = encoder.batchSize * Parallel.threadCount
        for start in stride(from: 0, to: items.count, by: piece) {
            let run = items[start ..< min(start + piece, items.count)]
            var pixels = [Float](repeating: 0, count: run.count * preprocessing.count)
            var span = pixels.mutableSpan
            for (index, item) in run.enumerated() {
                let path = subset.path(item)
                let bytes = try resolved.images.content(of: path).bytes()
                let image = try unsafe ImagePixels(decoding: bytes.span.bytes, path: path)
                // The plain view depends on no seed.
                try preprocessor.write(
                    ViewKey(seed: 0, item: subset.id(item), view: 0), of: image, path: path, into: &span,
                    at: index * preprocessing.count)
            }
            features += encoder.encode(pixels.span, count: run.count).elements
        }
        return Matrix(features, rows: items.count, columns: encoder.width)
    }

    private static func cosine(_ a: [Float], _ b: [Float]) -> Float { dot(a, b) / (dot(a, a) * dot(b, b)).squareRoot() }
}

private func dot(_ a: some Sequence<Float>, _ b: some Sequence<Float>) -> Float {
    zip(a, b).reduce(0) { $0 + $1.0 * $1.1 }
}

private func unit(_ values: some Sequence<Float>) -> [Float] {
    let scale = 1 / dot(values, values).squareRoot()
    return values.map { $0 * scale }
}

/// The unit means of each class's unit text features.
private struct ClassMeans {
    private var means: [[Float]] = []

    init(_ path: String) throws(Fault) {
        let text = try TextFeatures(path: path)
        let size = text.promptCount * text.width
        for label in text.classes.indices {
            var mean = [Float](repeating: 0, count: text.width)
            for prompt in 0 ..< text.promptCount {
                let start = label * size + prompt * text.width
                let row = unit(text.values[start ..< start + text.width])
                for (index, value) in row.enumerated() { mean[index] += value }
            }
            means.append(unit(mean))
        }
    }

    func nearest(_ feature: [Float]) -> Int {
        let scores = means.map { dot($0, feature) }
        return scores.indices.max { scores[$0] < scores[$1] } ?? 0
    }
}

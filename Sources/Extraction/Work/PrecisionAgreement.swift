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
    /// Compares plain views that are evenly spread over the encoded items `there` of `part`. The class of a view is the nearest
    /// mean of unit text features in the file at `text`. `stored` returns an item's plain view.
    static func findings(
        _ part: PlannedPart, _ plan: BuildPlan, _ text: String, there: [Int],
        stored plainView: (Int) throws(Fault) -> [Float]
    ) throws(Fault) -> [String: String]? {
        guard plan.precision == .bfloat16 else { return nil }
        let count = min(sampleCount, there.count)
        guard count > 0 else { return nil }
        let items = (0 ..< count).map { there[$0 * there.count / count] }
        let exact = try encoded(items, part, plan)
        let text = try ClassMeans(text)
        var (agreeing, least) = (0, Float.infinity)
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
    private static func encoded(_ items: [Int], _ part: PlannedPart, _ plan: BuildPlan) throws(Fault) -> Matrix {
        let encoder = try ImageEncoder(plan.model, precision: .float32)
        var preprocessor = try Preprocessor(plan.preprocessing)
        var features: [Float] = []
        let piece = encoder.batchSize * Parallel.threadCount
        for start in stride(from: 0, to: items.count, by: piece) {
            let run = items[start ..< min(start + piece, items.count)]
            var pixels = [Float](repeating: 0, count: run.count * plan.preprocessing.count)
            var span = pixels.mutableSpan
            for (index, item) in run.enumerated() {
                let path = part.path(item)
                let bytes = try plan.images.content(of: path).bytes()
                let image = try unsafe ImagePixels(decoding: bytes.span.bytes, path: path)
                // The plain view depends on no seed.
                try preprocessor.write(
                    ViewKey(seed: 0, item: part.id(item), view: 0), of: image, path: path, into: &span,
                    at: index * plan.preprocessing.count)
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
                let row = text.values[start ..< start + text.width]
                let scale = 1 / dot(row, row).squareRoot()
                for (index, value) in row.enumerated() { mean[index] += value * scale }
            }
            let scale = 1 / dot(mean, mean).squareRoot()
            means.append(mean.map { $0 * scale })
        }
    }

    func nearest(_ feature: [Float]) -> Int {
        let scores = means.map { dot($0, feature) }
        return scores.indices.max { scores[$0] < scores[$1] } ?? 0
    }
}

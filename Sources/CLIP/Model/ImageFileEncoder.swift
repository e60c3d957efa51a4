public import Core
public import Images
public import Kernels

/// Encodes image files as a feature build encodes their plain views.
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

    /// The number of images that keeps all threads busy for a while.
    public var chunkSize: Int { 4 * encoder.batchSize * Parallel.threadCount }

    /// Returns the raw features [N×D] of the image files at `paths`.
    ///
    /// - Throws: `noInput` or `badData` for a file that is no image.
    public func features(of paths: [String]) throws(Fault) -> Matrix {
        let encoded = try encode(paths)
        if let first = encoded.unreadable.first { throw first.fault }
        return encoded.features
    }

    /// Encodes the image files at `paths` on all threads, and passes over those that cannot be read.
    ///
    /// - Throws: `configuration` for invalid preprocessing.
    public func encode(_ paths: [String]) throws(Fault) -> EncodedImages {
        let size = encoder.batchSize
        let batches = Parallel.map((paths.count + size - 1) / size) { batch in
            // A thread decodes the images that it encodes, so every core takes the next batch.
            Result { () throws(Fault) in
                try batchFeatures(paths, batch * size ..< min(paths.count, (batch + 1) * size))
            }
        }
        let parts = try batches.map { batch throws(Fault) in try batch.get() }
        return EncodedImages(
            features: .stacked(parts.map(\.features)), positions: parts.flatMap(\.positions),
            unreadable: parts.flatMap(\.unreadable),
            clipped: parts.reduce(into: ClippedImages()) { $0.add(contentsOf: $1.clipped) })
    }

    /// Decodes and encodes one batch on the calling thread.
    private func batchFeatures(_ paths: [String], _ block: Range<Int>) throws(Fault) -> EncodedImages {
        var preprocessor = try Preprocessor(preprocessing)
        var pixels = [Float](repeating: 0, count: block.count * preprocessing.count)
        var positions: [Int] = []
        var unreadable: [EncodedImages.Unreadable] = []
        var clipped = ClippedImages()
        for position in block {
            let path = paths[position]
            do throws(Fault) {
                let bytes = try fileBytes(path)
                let image = try unsafe ImagePixels(decoding: bytes.span.bytes, path: path)
                clipped.add(image)
                var span = pixels.mutableSpan
                try preprocessor.write(
                    ViewKey(seed: 0, item: path, view: 0), of: image, path: path, into: &span,
                    at: positions.count * preprocessing.count)
                positions.append(position)
            } catch {
                unreadable.append(.init(position: position, fault: error))
            }
        }
        let features = Parallel.onOneThread {
            encoder.encode(
                pixels.span.extracting(0 ..< positions.count * preprocessing.count), count: positions.count)
        }
        return EncodedImages(features: features, positions: positions, unreadable: unreadable, clipped: clipped)
    }
}

/// The features of those image files that could be read.
public struct EncodedImages: Sendable {
    /// The raw features [N×D], a row per image that could be read.
    public let features: Matrix
    /// The position of each row's image among the given paths [N], ascending.
    public let positions: [Int]
    /// The images that could not be read, ascending.
    public let unreadable: [Unreadable]
    /// The images with gray values that were clipped.
    public let clipped: ClippedImages

    /// An image that could not be read.
    public struct Unreadable: Sendable {
        /// The position among the given paths.
        public let position: Int
        /// The reason.
        public let fault: Fault
    }
}

public import Core
public import Kernels

/// The image tower of a model: pixels to raw features, not normalized.
public final class ImageEncoder: Sendable {
    /// The side of an input image, in pixels.
    public let inputSize: Int
    /// The width D of the features.
    public let width: Int
    /// The arithmetic of the tower.
    public let precision: Precision
    private let tower: any ImageTower

    /// Packs the weights of the image tower for this processor.
    ///
    /// - Throws: `configuration` if the processor has no products in `precision`, `badData` for damaged weights.
    public init(_ model: CLIPModel, precision: Precision = .fastest) throws(Fault) {
        tower = try model.architecture.image.tower(LayerLoader(model.weights, precision))
        inputSize = model.architecture.imageSize
        width = model.architecture.embeddingWidth
        self.precision = precision
    }

    /// The number of images per forward pass on one thread: multiples of it waste no work.
    public var batchSize: Int { tower.batchSize }

    /// Returns the features [count×D] of `pixels` [count×side×side×3], which are red, green and blue and normalized.
    ///
    /// Batches run on all threads; the bits of an image's features depend on its pixels alone.
    public func encode(_ pixels: Span<Float>, count: Int) -> Matrix {
        let size = inputSize * inputSize * 3
        let width = width
        let tower = tower
        precondition(pixels.count == count * size, "\(pixels.count) values for \(count) images of \(size)")
        let block = tower.batchSize
        return Matrix.filled(count, width) { features in
            Parallel.forEachPiece(of: count, size: block, &features) { images, to in
                let from = pixels.extracting(images.lowerBound * size ..< images.upperBound * size)
                LayerThread.with { thread in
                    guard images.count < block else { return tower.encode(from, into: &to, thread) }
                    // The last images go with blank ones.
                    var filled = [Float](repeating: 0, count: block * size)
                    var all = [Float](repeating: 0, count: block * width)
                    lend(&filled, &all) { filled, all in
                        var images = filled.part(0, count: from.count)
                        images.copy(from)
                        tower.encode(filled.span, into: &all, thread)
                        to.copy(all.span.part(0, count: to.count))
                    }
                }
            }
        }
    }
}

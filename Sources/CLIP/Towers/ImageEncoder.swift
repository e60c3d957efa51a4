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
        return read(pixels) { pixels in
            Matrix.filled(count, width) { features in
                Parallel.forEachPiece(of: count, size: block) { images in
                    let from = pixels[images.lowerBound * size ..< images.upperBound * size]
                    let to = features[images.lowerBound * width ..< images.upperBound * width]
                    LayerThread.with { thread in
                        guard images.count < block else { return tower.encode(from, into: to, thread) }
                        // Blank images fill up the last batch.
                        let filled = Scratch(block * size)
                        let all = Scratch(block * width)
                        filled.strip.fill(0)
                        filled.strip.from(0, count: from.count).copy(from)
                        tower.encode(filled.strip, into: all.strip, thread)
                        to.copy(all.strip.from(0, count: to.count))
                    }
                }
            }
        }
    }
}

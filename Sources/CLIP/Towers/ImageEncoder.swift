public import Core
public import Kernels

/// The image tower of a CLIP: pixels to features, as they come out, not normalised.
public final class ImageEncoder: Sendable {
    /// Pixels of a side of the images.
    public let inputSize: Int
    /// D, the width of the features.
    public let width: Int
    public let precision: Precision
    private let tower: any ImageTower

    /// Prepares the image tower for this processor.
    ///
    /// - Throws: `configuration` if the processor has no products in `precision`, `badData` for damaged weights.
    public init(_ weights: ModelWeights, precision: Precision = .fastest) throws(Fault) {
        let loading = try LayerLoading(weights, precision)
        let architecture = weights.architecture
        switch architecture.image {
        case .visionTransformer(let shape): tower = try VisionTransformer(shape, loading)
        case .residualNetwork(let shape): tower = try ModifiedResNet(shape, loading)
        }
        inputSize = architecture.imageSize
        width = architecture.embeddingWidth
        self.precision = precision
    }

    /// Images that one thread does at a time: a multiple of it, or of it and the threads, wastes nothing.
    public var imagesAtATime: Int { tower.imagesAtATime }

    /// The features [count×D] of `pixels` [count×side×side×3], red, green, blue, already normalised.
    ///
    /// Blocks of images go to threads; the bits of an image's features depend on its pixels alone.
    public func encode(_ pixels: Span<Float>, count: Int) -> Matrix {
        let (size, width, tower) = (inputSize * inputSize * 3, width, tower)
        precondition(pixels.count == count * size, "\(pixels.count) values for \(count) images of \(size)")
        let block = tower.imagesAtATime
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

internal import Core
internal import Glibc

/// The rectangle of an image that a view shows.
public struct ViewBox: Hashable, Sendable {
    /// The edges and the size in pixels.
    public let left, top, width, height: Int
    /// Whether the view is mirrored horizontally.
    public let isFlipped: Bool
}

extension ViewBox {
    /// The bounds of a crop's aspect ratio.
    private static let ratios = (low: 3.0 / 4.0, high: 4.0 / 3.0)
    /// Their natural logarithms in float32, as in PyTorch.
    private static let logRatios: (low: Float, high: Float) = (-0.28768205642700195, 0.28768211603164673)

    /// Reproduces torchvision's `RandomResizedCrop`, followed by `RandomHorizontalFlip` with probability one half.
    ///
    /// Tries ten random crops of an image of `width` × `height` pixels, then takes the largest one at the center.
    init(width: Int, height: Int, scale: ClosedRange<Double>, random: inout SeededGenerator) {
        let area = Double(width * height)
        for _ in 0 ..< 10 {
            let target = area * Double(random.uniform(Float(scale.lowerBound), Float(scale.upperBound)))
            let logarithm = random.uniform(Self.logRatios.low, Self.logRatios.high)
            let ratio = Double(Float(exp(Double(logarithm))))
            let cropWidth = Int((target * ratio).squareRoot().rounded(.toNearestOrEven))
            let cropHeight = Int((target / ratio).squareRoot().rounded(.toNearestOrEven))
            if 0 < cropWidth, cropWidth <= width, 0 < cropHeight, cropHeight <= height {
                let top = random.below(height - cropHeight + 1)
                let left = random.below(width - cropWidth + 1)
                self.init(
                    left: left, top: top, width: cropWidth, height: cropHeight,
                    isFlipped: random.uniform(0, 1) < 0.5)
                return
            }
        }
        var cropWidth = width
        var cropHeight = height
        let ratio = Double(width) / Double(height)
        if ratio < Self.ratios.low {
            cropHeight = Int((Double(width) / Self.ratios.low).rounded(.toNearestOrEven))
        } else if ratio > Self.ratios.high {
            cropWidth = Int((Double(height) * Self.ratios.high).rounded(.toNearestOrEven))
        }
        self.init(
            left: (width - cropWidth) / 2, top: (height - cropHeight) / 2, width: cropWidth, height: cropHeight,
            isFlipped: random.uniform(0, 1) < 0.5)
    }
}

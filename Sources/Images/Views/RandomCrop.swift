internal import Core
internal import Glibc

/// The rectangle of an image that a view shows.
public struct ViewBox: Hashable, Sendable, Codable {
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

/// The seed, item, and view number, which together with the image size determine a random crop.
public struct ViewKey: Hashable, Sendable {
    /// The seed of all views.
    public let seed: UInt64
    /// The item's id; an item listed twice needs two ids to get two sets of views.
    public let item: String
    /// The number of the view; view 0 is not random.
    public let view: Int

    /// Creates a key.
    public init(seed: UInt64, item: String, view: Int) {
        self.seed = seed
        self.item = item
        self.view = view
    }

    /// A generator seeded by the XXH3 of seed, view, and id, so that the order of images has no effect.
    var generator: SeededGenerator {
        let bytes = Array("\(seed) \(view) \(item)".utf8)
        return SeededGenerator(seed: unsafe checksum(bytes.span.bytes))
    }
}

extension SeededGenerator {
    /// Returns a number from `low` up to `high` with 24 random bits, computed in float32 as by PyTorch's `uniform_`.
    mutating func uniform(_ low: Float, _ high: Float) -> Float { uniform() * (high - low) + low }

    /// Returns a random integer below `count`.
    mutating func below(_ count: Int) -> Int { Int(next().multipliedFullWidth(by: UInt64(count)).high) }
}

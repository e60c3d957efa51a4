public import Core

/// The settings that turn an image into an encoder's input; part of the identity of all features.
public struct Preprocessing: Sendable, Codable, Equatable {
    /// The way in which an image of any shape becomes a square.
    public enum ResizeMode: String, Sendable, Codable, CaseIterable {
        /// Resizes the shorter side and crops the center.
        case shortest
        /// Resizes both sides, ignoring the aspect ratio.
        case squash
    }

    /// The interpolation between pixels.
    public enum Interpolation: String, Sendable, Codable, CaseIterable {
        case bicubic
    }

    /// The published code whose random crops are reproduced; features of the two are not interchangeable.
    public enum Augmentation: String, Sendable, Codable, CaseIterable {
        /// Crops at least half of the area, as Tip-Adapter and the code based on it.
        case tip
        /// Crops at least 0.08 of the area, as CoOp and other code based on Dassl.
        case dassl

        /// The smallest and largest fraction of an image's area in a crop.
        public var scale: ClosedRange<Double> { self == .tip ? 0.5 ... 1 : 0.08 ... 1 }
    }

    /// The side of the square in pixels.
    public var size: Int
    /// The way in which an image becomes a square.
    public var resizeMode: ResizeMode
    /// The interpolation between pixels.
    public private(set) var interpolation = Interpolation.bicubic
    /// The order of the two passes of a resize.
    public var passes: PassOrder
    /// The mean of red, green, and blue on a scale from 0 to 1, which is subtracted.
    public var mean = [0.48145466, 0.4578275, 0.40821073]
    /// The standard deviation of red, green, and blue, by which the difference is divided.
    public var std = [0.26862954, 0.26130258, 0.27577711]
    /// The random crops of views other than 0.
    public var augmentation: Augmentation

    /// Creates settings with the mean and deviation of OpenAI's CLIP.
    public init(
        size: Int = 224, resizeMode: ResizeMode = .shortest, passes: PassOrder = .adaptive,
        augmentation: Augmentation = .tip
    ) {
        self.size = size
        self.resizeMode = resizeMode
        self.passes = passes
        self.augmentation = augmentation
    }

    /// All settings as one line of JSON with sorted keys; equal settings give equal pixels.
    public var identity: String { JSONDocument.line(self) }

    /// The SHA-256 of ``identity``.
    public var digest: Digest { Digest(of: identity) }

    /// The number of values in a tensor [3×size×size].
    public var count: Int { 3 * size * size }

    /// Checks the settings.
    ///
    /// - Throws: `configuration` if the size or the normalization is out of range.
    public func check() throws(Fault) {
        guard (1 ... 8192).contains(size) else {
            throw .configuration("size", found: "\(size)", expected: "1 to 8192 pixels")
        }
        for (name, values) in [("mean", mean), ("std", std)] {
            guard values.count == 3, values.allSatisfy({ $0.isFinite && abs($0) < 1e6 }) else {
                throw .configuration(name, found: "\(values)", expected: "three numbers, for red, green, and blue")
            }
        }
        guard std.allSatisfy({ Float($0) > 0 }) else {
            throw .configuration("std", found: "\(std)", expected: "three numbers above 0")
        }
    }

    /// The normalized value of each channel and pixel value [3×256], in float32 and torchvision's order of operations.
    var tables: [Float] {
        (0 ..< 768).map { index in
            let channel = index >> 8
            let value = Float(index & 255)
            return (value / 255 - Float(mean[channel])) / Float(std[channel])
        }
    }
}

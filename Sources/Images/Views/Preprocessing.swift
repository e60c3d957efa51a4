public import Core

/// What is done to an image before an encoder sees it: part of the identity of everything that is made with it.
public struct Preprocessing: Sendable, Codable, Equatable {
    /// How an image of any shape becomes a square.
    public enum ResizeMode: String, Sendable, Codable, CaseIterable {
        /// The shorter side is resized to the size, and the middle is kept.
        case shortest
        /// Both sides are resized to the size.
        case squash
    }

    /// How values between pixels are found.
    public enum Interpolation: String, Sendable, Codable, CaseIterable {
        case bicubic
    }

    /// The family of published code whose random crops are taken; caches of the two are not interchangeable.
    public enum Augmentation: String, Sendable, Codable, CaseIterable {
        /// At least half of the area: Tip-Adapter and what follows it.
        case tip
        /// At least 0.08 of the area: CoOp and what builds on Dassl.
        case dassl

        /// The smallest and largest part of an image's area that a crop has.
        public var scale: ClosedRange<Double> { self == .tip ? 0.5 ... 1 : 0.08 ... 1 }
    }

    /// The side of the square in pixels.
    public var size: Int
    public var resizeMode: ResizeMode
    public var interpolation: Interpolation
    public var passes: PassOrder
    /// What is subtracted from red, green and blue between 0 and 1, which are then divided by `std`.
    public var mean: [Double]
    public var std: [Double]
    public var augmentation: Augmentation

    /// CLIP's own unless said otherwise.
    public init(
        size: Int = 224, resizeMode: ResizeMode = .shortest, interpolation: Interpolation = .bicubic,
        passes: PassOrder = .adaptive,
        mean: [Double] = [0.48145466, 0.4578275, 0.40821073], std: [Double] = [0.26862954, 0.26130258, 0.27577711],
        augmentation: Augmentation = .tip
    ) {
        (self.size, self.resizeMode, self.interpolation) = (size, resizeMode, interpolation)
        (self.passes, self.mean, self.std, self.augmentation) = (passes, mean, std, augmentation)
    }

    /// All settings in one line of JSON with sorted keys: equal exactly where the pixels are.
    public var identity: String { JSONDocument.line(self) }

    /// The SHA-256 of ``identity``.
    public var digest: Digest { Digest(of: identity) }

    /// Values in a tensor: three planes of pixels.
    public var count: Int { 3 * size * size }

    /// Refuses settings that no image can be prepared with.
    public func check() throws(Fault) {
        guard (1 ... 8192).contains(size) else {
            throw .configuration("size", found: "\(size)", expected: "1 to 8192 pixels")
        }
        for (name, values) in [("mean", mean), ("std", std)] {
            guard values.count == 3, values.allSatisfy({ $0.isFinite && abs($0) < 1e6 }) else {
                throw .configuration(name, found: "\(values)", expected: "three numbers, for red, green and blue")
            }
        }
        guard std.allSatisfy({ Float($0) > 0 }) else {
            throw .configuration("std", found: "\(std)", expected: "three numbers above 0")
        }
    }

    /// What each value of a channel becomes [3, 256], in single precision and in the order that torchvision computes in.
    var tables: [Float] {
        (0 ..< 768).map { place in
            let (channel, value) = (place >> 8, Float(place & 255))
            return (value / 255 - Float(mean[channel])) / Float(std[channel])
        }
    }
}

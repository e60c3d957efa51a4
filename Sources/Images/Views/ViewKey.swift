internal import Core

/// Which view of which item: all that a random crop depends on, besides the size of the image.
public struct ViewKey: Hashable, Sendable {
    public let seed: UInt64
    /// The item's id, and two of them for an item that stands in a part twice, or its views are the same.
    public let item: String
    /// 0 is the view without randomness.
    public let view: Int

    public init(seed: UInt64, item: String, view: Int) {
        (self.seed, self.item, self.view) = (seed, item, view)
    }

    /// A generator that starts at the XXH3 of seed, view and id, so that order, shards and threads change nothing.
    var generator: SeededGenerator {
        let bytes = Array("\(seed) \(view) \(item)".utf8)
        return SeededGenerator(seed: unsafe checksum(bytes.span.bytes))
    }
}

extension SeededGenerator {
    /// A number from `low` up to `high` of 24 random bits, in single precision as PyTorch's `uniform_` gives it.
    mutating func uniform(_ low: Float, _ high: Float) -> Float { uniform() * (high - low) + low }

    /// A whole number below `count`.
    mutating func below(_ count: Int) -> Int { Int(next().multipliedFullWidth(by: UInt64(count)).high) }
}

internal import Artifacts

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
    var generator: ViewGenerator {
        let bytes = Array("\(seed) \(view) \(item)".utf8)
        return ViewGenerator(state: unsafe checksum(bytes.span.bytes))
    }
}

/// SplitMix64: Steele, Lea and Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014.
struct ViewGenerator {
    private var state: UInt64

    init(state: UInt64) { self.state = state }

    private mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z &>> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z &>> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z &>> 31)
    }

    /// A number from `low` up to `high` of 24 random bits, in single precision as PyTorch's `uniform_` gives it.
    mutating func uniform(_ low: Float, _ high: Float) -> Float {
        Float(next() &>> 40) * 0x1p-24 * (high - low) + low
    }

    /// A whole number below `count`.
    mutating func below(_ count: Int) -> Int { Int(next().multipliedFullWidth(by: UInt64(count)).high) }
}

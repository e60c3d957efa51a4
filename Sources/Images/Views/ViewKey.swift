internal import Core

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

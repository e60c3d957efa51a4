internal import Core

/// The random numbers of one purpose for one picture.
///
/// They depend on no other picture, order or thread, and ranges take no division: both are the same everywhere.
package struct Stream {
    package enum Purpose: UInt64 {
        case scene, caption, pixels
    }

    private var generator: SeededGenerator

    /// The stream that `visit` tells apart from others for the same picture and purpose.
    package init(seed: UInt64, index: UInt64, _ purpose: Purpose, visit: UInt64 = 0) {
        let picture = Self.scrambled(Self.scrambled(seed) ^ index)
        generator = SeededGenerator(seed: Self.scrambled(picture ^ (visit << 2 | purpose.rawValue)))
    }

    private static func scrambled(_ seed: UInt64) -> UInt64 {
        var generator = SeededGenerator(seed: seed)
        return generator.next()
    }

    /// 32 random bits.
    package mutating func word() -> UInt32 { UInt32(generator.next() >> 32) }

    mutating func below(_ count: Int) -> Int { Int((UInt64(word()) * UInt64(count)) >> 32) }

    mutating func within(_ range: ClosedRange<Int>) -> Int { range.lowerBound + below(range.count) }

    /// True in `chance` of 100 cases.
    mutating func percent(_ chance: Int) -> Bool { below(100) < chance }

    mutating func pick<Choice>(_ choices: [Choice]) -> Choice { choices[below(choices.count)] }

    /// One of `choices`, each as often as its weight says.
    mutating func pick<Choice>(_ choices: [Choice], weights: [Int]) -> Choice {
        var place = below(weights.reduce(0, +))
        for (choice, weight) in zip(choices, weights) {
            if place < weight { return choice }
            place -= weight
        }
        preconditionFailure("weights \(weights) are of \(choices.count) choices")
    }

    mutating func shuffle<Item>(_ items: inout [Item]) {
        for place in stride(from: items.count - 1, to: 0, by: -1) { items.swapAt(place, below(place + 1)) }
    }

    /// `colour` with each channel moved by up to `most`.
    mutating func jittered(_ colour: RGB, by most: Int) -> RGB {
        var moved = colour
        for channel in 0 ..< 3 { moved[channel] = min(max(moved[channel] + Int32(within(-most ... most)), 0), 255) }
        return moved
    }
}

/// What specks, wobbly edges and noise of one picture are drawn with.
struct PixelNoise {
    private var generator: SeededGenerator

    init(seed: UInt32) { generator = SeededGenerator(seed: UInt64(seed) &* 0x9e37_79b9_7f4a_7c15 &+ 1) }

    mutating func within(_ low: Int, _ high: Int) -> Int {
        low + Int(((generator.next() >> 32) &* UInt64(high - low + 1)) >> 32)
    }
}

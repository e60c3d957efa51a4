internal import Core

/// The random numbers for one purpose of one picture, which do not depend on other pictures or the order of drawing.
package struct Stream {
    /// The use of the random numbers; `caption` belongs to the reference only.
    package enum Purpose: UInt64 {
        case scene, caption, pixels
    }

    private var generator: SeededGenerator

    /// Creates a stream; `visit` distinguishes several streams of one picture and purpose.
    package init(seed: UInt64, index: UInt64, _ purpose: Purpose, visit: UInt64 = 0) {
        let picture = Self.scrambled(Self.scrambled(seed) ^ index)
        generator = SeededGenerator(seed: Self.scrambled(picture ^ (visit << 2 | purpose.rawValue)))
    }

    private static func scrambled(_ seed: UInt64) -> UInt64 {
        var generator = SeededGenerator(seed: seed)
        return generator.next()
    }

    /// Returns 32 random bits.
    package mutating func word() -> UInt32 { UInt32(generator.next() >> 32) }

    /// Returns a random integer below `count`.
    mutating func below(_ count: Int) -> Int { Int((UInt64(word()) * UInt64(count)) >> 32) }

    /// Returns a random integer in `range`.
    mutating func within(_ range: ClosedRange<Int>) -> Int { range.lowerBound + below(range.count) }

    /// Returns true with a probability of `chance` percent.
    mutating func percent(_ chance: Int) -> Bool { below(100) < chance }

    /// Returns a random element of `choices`.
    mutating func pick<Choice>(_ choices: [Choice]) -> Choice { choices[below(choices.count)] }

    /// Returns a random element of `choices` with probabilities proportional to `weights`.
    mutating func pick<Choice>(_ choices: [Choice], weights: [Int]) -> Choice {
        var rest = below(weights.reduce(0, +))
        for (choice, weight) in zip(choices, weights) {
            if rest < weight { return choice }
            rest -= weight
        }
        preconditionFailure("weights \(weights) for \(choices.count) choices")
    }

    /// Returns `color` with each channel changed by up to `most`.
    mutating func jittered(_ color: RGB, by most: Int) -> RGB {
        var moved = color
        for channel in 0 ..< 3 { moved[channel] = min(max(moved[channel] + Int32(within(-most ... most)), 0), 255) }
        return moved
    }
}

/// The random numbers of a picture's specks, wobbly edges, and noise.
struct PixelNoise {
    private var generator: SeededGenerator

    init(seed: UInt32) { generator = SeededGenerator(seed: UInt64(seed) &* 0x9e37_79b9_7f4a_7c15 &+ 1) }

    /// Returns a random integer from `low` to `high`.
    mutating func within(_ low: Int, _ high: Int) -> Int {
        low + Int(((generator.next() >> 32) &* UInt64(high - low + 1)) >> 32)
    }
}

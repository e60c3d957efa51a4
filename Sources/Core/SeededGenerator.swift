internal import Glibc

/// The SplitMix64 random number generator, whose whole state is one number.
///
/// Steele, Lea and Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014.
public struct SeededGenerator: RandomNumberGenerator, Sendable, Codable, Equatable {
    /// The state, from which the generator continues.
    public private(set) var state: UInt64

    /// Starts a sequence of its own for each seed.
    public init(seed: UInt64) { state = seed }

    /// Returns the next 64 random bits.
    public mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var z = state
        z = (z ^ (z &>> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z &>> 27)) &* 0x94d0_49bb_1331_11eb
        return z ^ (z &>> 31)
    }

    /// Returns a number in 0 ..< 1 with 24 random bits.
    public mutating func uniform() -> Float { Float(next() &>> 40) * 0x1p-24 }

    /// Returns a number from the standard normal distribution (Box and Muller).
    public mutating func normal() -> Float {
        let radius = (-2 * logf(1 - uniform())).squareRoot()
        return radius * cosf(2 * .pi * uniform())
    }

    /// Returns the numbers below `count` in random order (Fisher and Yates).
    public mutating func permutation(_ count: Int) -> [Int] {
        var order = Array(0 ..< count)
        for i in stride(from: count - 1, to: 0, by: -1) {
            order.swapAt(i, Int(next() % UInt64(i + 1)))
        }
        return order
    }
}

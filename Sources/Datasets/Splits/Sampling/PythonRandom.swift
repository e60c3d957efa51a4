internal import Glibc

/// CPython's `random` module, number for number.
public struct PythonRandom: Sendable {
    private var generator: MersenneTwister

    /// Seeds as `random.seed(seed)` does; the sign is ignored, as in CPython.
    public init(seed: Int) {
        let magnitude = UInt64(seed.magnitude)
        let low = UInt32(truncatingIfNeeded: magnitude)
        let high = UInt32(truncatingIfNeeded: magnitude >> 32)
        generator = MersenneTwister(key: high == 0 ? [low] : [low, high])
    }

    /// Returns a number in 0 ..< 1 with 53 random bits: Python's `random`.
    public mutating func random() -> Double {
        let high = generator.nextWord() >> 5
        let low = generator.nextWord() >> 6
        return (Double(high) * 67_108_864 + Double(low)) / 9_007_199_254_740_992
    }

    /// Returns a number of `count` random bits, at most 64: Python's `getrandbits`.
    public mutating func getrandbits(_ count: Int) -> UInt64 {
        precondition((0 ... 64).contains(count), "\(count) bits")
        guard count > 0 else { return 0 }
        guard count > 32 else { return UInt64(generator.nextWord() >> UInt32(32 - count)) }
        let low = UInt64(generator.nextWord())
        return UInt64(generator.nextWord() >> UInt32(64 - count)) << 32 | low
    }

    /// Returns a number in 0 ..< limit: Python's `_randbelow`.
    public mutating func randbelow(_ limit: Int) -> Int {
        precondition(limit > 0, "limit \(limit)")
        let bits = Int.bitWidth - limit.leadingZeroBitCount
        while true {
            let number = getrandbits(bits)
            if number < UInt64(limit) { return Int(number) }
        }
    }

    /// Returns `count` different numbers in 0 ..< limit: Python's `sample` of a range.
    public mutating func sample(count: Int, from limit: Int) -> [Int] {
        precondition(count >= 0 && count <= limit, "\(count) different numbers below \(limit)")
        // Python estimates whether a set of the sampled numbers is smaller than a copy of the list.
        var setSize = 21.0
        if count > 5 { setSize += pow(4, ceil(log(Double(count * 3)) / log(4))) }
        return Double(limit) <= setSize ? samplePool(count, limit) : sampleSet(count, limit)
    }

    /// Returns `count` of `elements`, sampled without replacement: Python's `sample`.
    public mutating func sample<Element>(count: Int, from elements: [Element]) -> [Element] {
        sample(count: count, from: elements.count).map { elements[$0] }
    }

    private mutating func samplePool(_ count: Int, _ limit: Int) -> [Int] {
        var pool = Array(0 ..< limit)
        return (0 ..< count).map { taken in
            let index = randbelow(limit - taken)
            defer { pool[index] = pool[limit - taken - 1] }
            return pool[index]
        }
    }

    private mutating func sampleSet(_ count: Int, _ limit: Int) -> [Int] {
        var seen: Set<Int> = []
        return (0 ..< count).map { _ in
            while true {
                let index = randbelow(limit)
                if seen.insert(index).inserted { return index }
            }
        }
    }

    /// Returns `count` of `elements`, sampled with replacement: Python's `choices`.
    public mutating func choices<Element>(count: Int, from elements: [Element]) -> [Element] {
        precondition(!elements.isEmpty || count == 0, "nothing to choose from")
        return (0 ..< count).map { _ in elements[Int(random() * Double(elements.count))] }
    }

    /// Shuffles `elements`: Python's `shuffle`.
    public mutating func shuffle<Element>(_ elements: inout [Element]) {
        for index in stride(from: elements.count - 1, to: 0, by: -1) {
            elements.swapAt(index, randbelow(index + 1))
        }
    }
}

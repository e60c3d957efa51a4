/// NumPy's legacy `RandomState`, number for number.
public struct NumPyRandom: Sendable {
    private var generator: MersenneTwister

    /// Seeds as `numpy.random.seed(seed)` does, with 32 bits.
    public init(seed: UInt32) { generator = MersenneTwister(word: seed) }

    /// Returns a number from 0 through `limit`: NumPy's `random_interval`, which its legacy shuffle uses.
    mutating func interval(_ limit: Int) -> Int {
        precondition((1 ... Int(UInt32.max)).contains(limit), "limit \(limit)")
        let mask = UInt32.max >> UInt32(UInt32(limit).leadingZeroBitCount)
        while true {
            let number = Int(generator.nextWord() & mask)
            if number <= limit { return number }
        }
    }

    /// Returns the numbers 0 ..< count in random order: NumPy's `permutation`.
    public mutating func permutation(_ count: Int) -> [Int] {
        var numbers = Array(0 ..< count)
        for index in stride(from: count - 1, to: 0, by: -1) { numbers.swapAt(index, interval(index)) }
        return numbers
    }

    /// Returns `count` of `elements`, sampled without replacement: NumPy's `choice` with `replace=False`.
    public mutating func choice<Element>(count: Int, from elements: [Element]) -> [Element] {
        precondition(count <= elements.count, "\(count) of \(elements.count) elements without replacement")
        return permutation(elements.count).prefix(count).map { elements[$0] }
    }
}

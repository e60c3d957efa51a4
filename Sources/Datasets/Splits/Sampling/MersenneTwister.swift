/// The MT19937 generator of Matsumoto and Nishimura, with the seeding of CPython and of NumPy.
public struct MersenneTwister: Sendable, RandomNumberGenerator {
    private var state: [UInt32]
    private var index: Int

    private static let size = 624
    private static let middle = 397

    /// Seeds with the 32-bit digits of a number, lowest first, as CPython does.
    public init(key: [UInt32]) {
        precondition(!key.isEmpty, "empty key")
        state = Self.initialState(19_650_218)
        index = Self.size
        let size = Self.size
        var row = 1
        /// Mixes the next word with the one before it and `addend`.
        func mix(by factor: UInt32, adding addend: UInt32) {
            let previous = state[row - 1]
            state[row] = (state[row] ^ ((previous ^ (previous >> 30)) &* factor)) &+ addend
            row += 1
            guard row == size else { return }
            state[0] = state[size - 1]
            row = 1
        }
        for step in 0 ..< max(size, key.count) {
            let column = step % key.count
            mix(by: 1_664_525, adding: key[column] &+ UInt32(column))
        }
        for _ in 0 ..< size - 1 { mix(by: 1_566_083_941, adding: 0 &- UInt32(row)) }
        state[0] = 0x8000_0000
    }

    /// Seeds with one word, as the generator's authors and NumPy's `RandomState` do.
    public init(word: UInt32) {
        state = Self.initialState(word)
        index = Self.size
    }

    private static func initialState(_ seed: UInt32) -> [UInt32] {
        var state = [seed]
        for row in 1 ..< UInt32(size) {
            let previous = state[Int(row) - 1]
            state.append((previous ^ (previous >> 30)) &* 1_812_433_253 &+ row)
        }
        return state
    }

    /// Returns the next 32 bits.
    public mutating func nextWord() -> UInt32 {
        if index == Self.size { twist() }
        var word = state[index]
        index += 1
        word ^= word >> 11
        word ^= (word << 7) & 0x9D2C_5680
        word ^= (word << 15) & 0xEFC6_0000
        return word ^ (word >> 18)
    }

    /// Returns the next 64 bits, the lower half generated first.
    public mutating func next() -> UInt64 {
        let low = UInt64(nextWord())
        return UInt64(nextWord()) << 32 | low
    }

    private mutating func twist() {
        for row in 0 ..< Self.size {
            let word = (state[row] & 0x8000_0000) | (state[(row + 1) % Self.size] & 0x7FFF_FFFF)
            let mixed = state[(row + Self.middle) % Self.size] ^ (word >> 1)
            state[row] = word & 1 == 0 ? mixed : mixed ^ 0x9908_B0DF
        }
        index = 0
    }
}

public import Core
internal import Foundation

/// A random number generator whose seed a test prints, with the same sequence on every machine.
public typealias Dice = SeededGenerator

/// The number of mutations that a test tries, and their seed, scaled by `FEWSHOT_ROUNDS` and set by `FEWSHOT_SEED`.
public struct MutationPlan: Sendable {
    public let seed: UInt64
    private let factor: Int

    public init() {
        func number(_ name: String) -> UInt64? { ProcessInfo.processInfo.environment[name].flatMap { UInt64($0) } }
        seed = number("FEWSHOT_SEED") ?? 20_261_121
        factor = Int(number("FEWSHOT_ROUNDS") ?? 1)
    }

    /// The numbers of the mutations, by default `count` of them.
    public func rounds(_ count: Int) -> Range<Int> { 0 ..< count * factor }
}

/// Unusual values for sizes, counts and offsets in files.
private let oddNumbers: [UInt64] = [
    0, 1, 2, 3, 7, 8, 0x7F, 0x80, 0xFF, 0x100, 0x7FFF, 0x8000, 0xFFFE, 0xFFFF, 0x10000, 0xFF_FFFF, 0x7FFF_FFFF,
    0x8000_0000, 0xFFFF_FFF0, 0xFFFF_FFFF, .max,
]

extension Dice {
    /// Returns a number in 0 ..< `limit`.
    public mutating func below(_ limit: Int) -> Int { Int(next() % UInt64(limit)) }

    /// Returns an unusual value for a field of a file: any number, or one near `count`.
    public mutating func oddNumber(near count: Int) -> UInt64 {
        switch below(4) {
        case 0: next()
        case 1: UInt64(max(0, count + below(5) - 2))
        default: oddNumbers[below(oddNumbers.count)]
        }
    }

    /// Returns an index below `count`, with a probability of three quarters below `dense`.
    private mutating func place(_ count: Int, dense: Int) -> Int {
        below(below(4) == 0 ? count : min(max(1, dense), count))
    }

    /// Damages `bytes` in one way: flips a bit, overwrites, inserts or removes bytes, or truncates.
    public mutating func damage(_ bytes: inout [UInt8], dense: Int) {
        guard !bytes.isEmpty else { return }
        let start = place(bytes.count, dense: dense)
        let end = min(bytes.count, start + 1 + below(below(8) == 0 ? 64 : 8))
        switch below(11) {
        case 0, 1: bytes[start] ^= 1 << UInt8(below(8))
        case 2: bytes[start] = UInt8(below(256))
        case 3: bytes[start] = [0, 1, 0x7F, 0x80, 0xFE, 0xFF, 0x30, 0x39][below(8)]
        case 4:
            writeNumber(
                oddNumber(near: bytes.count), to: &bytes, at: start, width: 1 << below(4), isBig: below(2) == 0)
        case 5: bytes.removeSubrange(start ..< end)
        case 6: bytes.insert(contentsOf: bytes[start ..< end], at: start)
        case 7: bytes.insert(contentsOf: [UInt8](repeating: UInt8(below(256)), count: end - start), at: start)
        case 8:
            let from = place(bytes.count, dense: dense)
            for (index, byte) in Array(bytes[from ..< min(bytes.count, from + end - start)]).enumerated()
            where start + index < bytes.count { bytes[start + index] = byte }
        case 9: for index in start ..< end { bytes[index] = 0xFF }
        default: bytes.removeLast(below(2) == 0 ? below(min(bytes.count, 40)) : below(bytes.count))
        }
    }
}

/// Writes the low `width` bytes of `number` at `place`, as far as they fit.
public func writeNumber(
    _ number: UInt64, to bytes: inout [UInt8], at place: Int, width: Int, isBig: Bool
) {
    for index in 0 ..< width where place >= 0 && place + index < bytes.count {
        bytes[place + index] = UInt8(truncatingIfNeeded: number >> UInt64(8 * (isBig ? width - 1 - index : index)))
    }
}

/// Puts damaged copies of the file at `path` in its place, one after another, and calls `body` for each.
///
/// The first `dense` bytes are damaged more often; `body` takes the words that identify a copy in a message.
public func forEachMutation(
    of path: String, seed: UInt64, rounds: Int, dense: Int = .max, _ body: (_ how: String) throws -> Void
) throws {
    let whole = try bytes(of: path)
    var dice = Dice(seed: seed)
    for round in 0 ..< rounds {
        var damaged = whole
        dice.damage(&damaged, dense: min(dense, whole.count))
        guard damaged != whole else { continue }
        // A file system may sync a file that is cut to nothing and written again.
        try? FileManager.default.removeItem(atPath: path)
        try Data(damaged).write(to: URL(filePath: path))
        try body("seed \(seed), round \(round)")
    }
}

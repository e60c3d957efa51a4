import Core
import Foundation
import Splits
import TestSupport
import Testing

/// The output of `make_numpy_draws.py`.
private struct Expected: Decodable {
    struct Permutation: Decodable {
        let seed: UInt32
        let count: Int
        let numbers: [Int]
        let lastOfTheNext: Int
    }
    struct Sample: Decodable {
        let seed: Int
        let shots: Int
        let train: [Int]
        let val: [Int]
    }
    let permutations: [Permutation]
    let train: [Int]
    let val: [Int]
    let draws: [Sample]

    static func read() throws -> Expected {
        try JSONDecoder().decode(Expected.self, from: Data(bytes(of: fixture("numpy_draws.json"))))
    }
}

@Test func everyPermutationIsThatOfNumPy() throws {
    let permutations = try Expected.read().permutations
    #expect(permutations.count == 56)
    for expected in permutations {
        var random = NumPyRandom(seed: expected.seed)
        #expect(random.permutation(expected.count) == expected.numbers, "seed \(expected.seed)")
        #expect(random.permutation(1 << 12).last == expected.lastOfTheNext, "seed \(expected.seed)")
    }
}

@Test func theLinearProbeSamplesInTheOrderOfLabels() throws {
    let all = try Expected.read()
    #expect(all.draws.count == 20)
    for expected in all.draws {
        let sample = try FewShotSample(
            .lpclip, train: all.train, val: all.val, shots: expected.shots, seed: expected.seed, subject: "labels")
        #expect(sample.train == expected.train, "\(expected.shots) shots, seed \(expected.seed)")
        #expect(sample.val == expected.val, "\(expected.shots) shots, seed \(expected.seed)")
    }
}

@Test func theLinearProbeRefusesAClassThatIsTooSmallAsNumPyDoes() throws {
    let found = fault { () throws(Fault) in
        _ = try FewShotSample(.lpclip, train: [0, 0, 0, 1], val: [0, 1], shots: 2, seed: 1, subject: "a.json")
    }
    #expect(found?.status == .badData)
    #expect(found?.found == "1 train items of class 1")
}

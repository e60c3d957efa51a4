import Foundation
import Splits
import TestSupport
import Testing

/// The output of `make_random_draws.py`.
private struct Expected: Decodable {
    struct Case: Decodable {
        let seed: Int
        let bits: [Bits]
        let random: [Int]
        let below: [[Int]]
        let sample: [Numbers]
        let choices: [Int]
        let shuffle: [Int]
        let later: String
    }
    struct Bits: Decodable {
        let count: Int
        let bits: String
    }
    struct Numbers: Decodable {
        let limit: Int
        let count: Int
        let numbers: [Int]
    }
    struct Sample: Decodable {
        let scheme: FewShotSample.Scheme
        let shots: Int
        let seed: Int
        let rows: [Int]
    }
    let random: [Case]
    let labels: [Int]
    let draws: [Sample]

    static func read() throws -> Expected {
        try JSONDecoder().decode(Expected.self, from: Data(bytes(of: fixture("random_draws.json"))))
    }
}

@Test func everyRandomNumberIsThatOfPython() throws {
    let cases = try Expected.read().random
    #expect(cases.count == 11)
    for expected in cases {
        var random = PythonRandom(seed: expected.seed)
        for pair in expected.bits { #expect(String(random.getrandbits(pair.count)) == pair.bits) }
        for number in expected.random { #expect(Int(random.random() * 0x1p53) == number) }
        for pair in expected.below { #expect(random.randbelow(pair[0]) == pair[1]) }
        for sample in expected.sample {
            #expect(random.sample(count: sample.count, from: sample.limit) == sample.numbers, "seed \(expected.seed)")
        }
        #expect(random.choices(count: 16, from: Array(0 ..< 7)) == expected.choices)
        var order = Array(0 ..< 50)
        random.shuffle(&order)
        #expect(order == expected.shuffle)
        for _ in 0 ..< 2000 { _ = random.random() }
        #expect(String(random.getrandbits(64)) == expected.later)
    }
}

@Test func smallClassesFollowTheScheme() throws {
    let all = try Expected.read()
    for expected in all.draws {
        let sample = try FewShotSample(
            expected.scheme, train: all.labels, val: [Int](), shots: expected.shots, seed: expected.seed,
            subject: "labels")
        #expect(sample.train == expected.rows, "\(expected.scheme), \(expected.shots) shots, seed \(expected.seed)")
    }
}

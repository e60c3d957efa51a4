import Foundation
import Splits
import Testing

/// The output of `make_random_draws.py`.
private struct Draws: Decodable {
    struct Case: Decodable {
        let seed: Int
        let bits: [Pair]
        let random: [Int]
        let below: [[Int]]
        let sample: [Sample]
        let choices: [Int]
        let shuffle: [Int]
        let later: String
    }
    struct Pair: Decodable {
        let count: Int
        let bits: String
        init(from decoder: any Decoder) throws {
            var items = try decoder.unkeyedContainer()
            count = try items.decode(Int.self)
            bits = try items.decode(String.self)
        }
    }
    struct Sample: Decodable {
        let limit: Int
        let count: Int
        let places: [Int]
        init(from decoder: any Decoder) throws {
            var items = try decoder.unkeyedContainer()
            limit = try items.decode(Int.self)
            count = try items.decode(Int.self)
            places = try items.decode([Int].self)
        }
    }
    struct Draw: Decodable {
        let scheme: FewShotSample.Scheme
        let shots: Int
        let seed: Int
        let rows: [Int]
    }
    let random: [Case]
    let labels: [Int]
    let draws: [Draw]

    static func read() throws -> Draws {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        let data = try Data(contentsOf: folder.appending(path: "Fixtures/random_draws.json"))
        return try JSONDecoder().decode(Draws.self, from: data)
    }
}

@Test func everyRandomNumberIsThatOfPython() throws {
    let cases = try Draws.read().random
    #expect(cases.count == 11)
    for expected in cases {
        var random = PythonRandom(seed: expected.seed)
        for pair in expected.bits { #expect(String(random.getrandbits(pair.count)) == pair.bits) }
        for number in expected.random { #expect(Int(random.random() * 0x1p53) == number) }
        for pair in expected.below { #expect(random.randbelow(pair[0]) == pair[1]) }
        for sample in expected.sample {
            #expect(random.sample(count: sample.count, from: sample.limit) == sample.places, "seed \(expected.seed)")
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
    let draws = try Draws.read()
    for expected in draws.draws {
        let sample = try FewShotSample(
            expected.scheme, train: draws.labels, val: [Int](), shots: expected.shots, seed: expected.seed,
            subject: "labels")
        #expect(sample.train == expected.rows, "\(expected.scheme), \(expected.shots) shots, seed \(expected.seed)")
    }
}

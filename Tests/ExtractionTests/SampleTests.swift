import Core
import Extraction
import FeatureStore
import Foundation
import Splits
import TestSupport
import Testing

@Test(arguments: [FewShotSample.Scheme.coop, .tip, .lpclip])
func aCacheOfSamplesHoldsTheirItemsWithTheSameFeatures(_ scheme: FewShotSample.Scheme) throws {
    let small = try SmallBuild()
    try small.build.run()
    // A class has one val item, and NumPy draws without replacement.
    let shots = scheme == .lpclip ? [1] : [1, 2]
    let build = small.build("few") { $0.samples = SampleRequest(shots: shots, seeds: [1, 3], scheme: scheme) }
    try build.run()
    let whole = try small.build.file(.train)
    let few = try build.file(.train)
    let part = try #require(try few.wholePart())
    #expect(try part.labels == whole.labels())
    var expected: Set<Int> = []
    for (shots, seed) in shots.flatMap({ [($0, 1), ($0, 3)] }) {
        expected.formUnion(
            try FewShotSample(
                scheme, train: part.labels, val: small.split.val.labels, shots: shots, seed: seed, subject: ""
            ).train)
    }
    #expect(part.rows.map(Int.init) == expected.sorted())
    for view in 0 ..< 3 {
        var a: [Float] = []
        var b: [Float] = []
        try whole.read(rows: part.rows.map(Int.init), view: view, into: &a)
        try few.read(block: 0 ..< few.count, view: view, into: &b)
        #expect(a == b)
    }
    let val = try build.file(.val).wholePart()
    #expect((val == nil) == (scheme == .tip))
}

@Test func anItemThatIsSampledTwiceHasViewsOfItsOwn() throws {
    let small = try SmallBuild()
    // Four items per class, repeated to six.
    let build = small.build("sampled") { $0.samples = SampleRequest(shots: [6], seeds: [1], scheme: .tip) }
    try build.run()
    let file = try build.file(.train)
    #expect(file.count == 96)
    let ids = try file.ids()
    let again = try #require(ids.firstIndex { $0.hasSuffix("#2") })
    let first = try #require(ids.firstIndex(of: String(ids[again].dropLast(2))))
    var rows: [[Float]] = []
    for view in 0 ..< 2 {
        var values: [Float] = []
        try file.read(rows: [first, again], view: view, into: &values)
        rows += [Array(values[..<64]), Array(values[64...])]
    }
    #expect(rows[0] == rows[1] && rows[2] != rows[3])
    let verification = try Verification(of: build.output, images: "\(small.build.root)/images")
    #expect(verification.isSound, "\(verification.page)")
}

@Test func aSampleIsNotTakenFromASample() throws {
    let small = try SmallBuild()
    let path = small.scratch.file("2shot.split.json")
    _ = try SplitFile(path: small.build.split).sampled(.coop, shots: 2, seed: 1).publish(to: path, replaces: false)
    let build = small.build("few") {
        $0.split = path
        $0.samples = SampleRequest(shots: [1], seeds: [1])
    }
    #expect(fault { try build.run() }?.found == "a split that is a few-shot sample itself")
    #expect(try small.build("sampled") { $0.split = path }.run().files[0].count == 32)
}

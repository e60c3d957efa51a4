import Adapter
import Core
import Studies
import TestSupport
import Testing

/// The last of `steps` values up to `bound`, as the published grid has them.
private func last(_ bound: Double, _ steps: Double) -> Double { bound - (bound - 0.1) / steps }

@Test(arguments: [SearchKind.exact, .grid])
func aValueAtTheEndOfItsRangeIsRecordedAndCounted(kind: SearchKind) throws {
    let scratch = try ScratchFolder()
    var isEnd: Set<Bool> = []
    for (index, scale) in [[0.2, 0.2], [5, 1], [50, 50]].enumerated() {
        let steps = index == 0 ? [2.0, 2] : [20, 5]
        var study = try smallStudy(in: scratch, [TipAdapter.self], output: "runs\(index)")
        study.settings = ["search_scale": .list(scale), "search_step": .list(steps)]
        study.usesGrid = kind == .grid
        study.shots = [.count(1), .count(2), .count(4)]
        let outcome = try study.outcome()
        var counts: [String: Int] = [:]
        for line in outcome.lines {
            let record = try #require(try RunFolder("\(study.output)/\(line.run)").record())
            let isBetaLast = Double(line.beta ?? 0) > last(scale[0], steps[0]) - 1e-5
            let isAlphaLast = Double(line.alpha ?? 0) > last(scale[1], steps[1]) - 1e-5
            let expected = (isBetaLast ? ["beta"] : []) + (isAlphaLast ? ["alpha"] : [])
            #expect((record.search_ends ?? []).map(\.setting) == expected)
            #expect(record.notes.count == expected.count)
            for name in expected { counts[name, default: 0] += 1 }
            isEnd.insert(!expected.isEmpty)
        }
        #expect(outcome.searchEnds.map(\.count) == outcome.searchEnds.map { counts[$0.end.setting] })
        #expect(outcome.searchEnds.allSatisfy { $0.runs == 3 } && outcome.searchEnds.count == counts.count)
        // Reused runs count as well.
        #expect(try study.outcome().searchEnds == outcome.searchEnds)
    }
    // A grid takes the first of equal values, so it may never end at the last one.
    #expect(isEnd.contains(false) && (kind == .grid || isEnd.contains(true)))
}

@Test func aRangeThatASettingWidensIsNamedWithIt() throws {
    let scratch = try ScratchFolder()
    var study = try smallStudy(in: scratch, [TipAdapter.self])
    study.settings = ["search_scale": [0.2, 0.2], "search_step": [2, 2]]
    let sentences = try study.outcome().searchEnds.map(\.sentence)
    for sentence in sentences {
        let setting = sentence.contains(": beta") ? "beta" : "alpha"
        let end = "tip-adapter: \(setting) at the end of its range (0.2) in 1 of 1 runs; widen it with search_scale"
        #expect(sentence == end)
    }
    #expect(!sentences.isEmpty)
}

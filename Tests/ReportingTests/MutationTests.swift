import Adapter
import Core
import Reporting
import TestSupport
import Testing

@Test func damagedResultsAreReportedOrRejected() throws {
    let plan = MutationPlan()
    let scratch = try ScratchFolder()
    let whole = Array(
        (inventedStudy() + invented("gda", more: ["classes": "base", "chosen": ["gamma": [1, 2]]])).utf8)
    var dice = Dice(seed: plan.seed)
    for round in plan.rounds(400) {
        var bytes = whole
        for _ in 0 ... dice.below(3) { dice.damage(&bytes, dense: bytes.count) }
        let path = try scratch.write(bytes, "results.jsonl")
        let found = fault {
            let results = try ResultSet(reading: [path])
            _ = results.written(as: .text)
            _ = results.written(as: .csv)
            _ = try results.page()
        }
        guard let found else { continue }
        // A conflict of two runs is reported with a run instead of the file.
        let flaw = flaw(in: found, naming: scratch.path)
        #expect(flaw == nil, "seed \(plan.seed), round \(round): \(flaw ?? "")")
    }
}

@Test func namesCannotControlTheTerminal() throws {
    let scratch = try ScratchFolder()
    let path = try scratch.write(invented("gda", "a\u{1b}[2J\nb\u{2028}c"), "results.jsonl")
    let set = try ResultSet(reading: [path])
    for format in [TableFormat.text, .markdown, .latex] {
        let text = set.written(as: format)
        #expect(
            text.unicodeScalars.allSatisfy {
                $0 == "\n" || ($0.properties.generalCategory != .control && $0 != "\u{2028}")
            })
        #expect(text.contains("2J b c"))
    }
}

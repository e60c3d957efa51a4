import Adapter
import Core
import Foundation
import Reporting
import Studies
import TestSupport
import Testing

private func report(of text: String) throws -> String {
    let scratch = try ScratchFolder()
    return try ResultSet(reading: [scratch.write(text, "results.jsonl")]).page()
}

@Test func thePageOpensWithTheBestRunOnValidation() throws {
    let page = try report(
        of: invented("zero-shot", test: 40)
            + invented("gda", shots: 4, seed: 1, test: 62, more: ["val_accuracy": 70])
            + invented("gda", shots: 4, seed: 2, test: 60, more: ["val_accuracy": 69])
            // Better on test, and better with fewer shots: neither decides.
            + invented("tip-adapter", shots: 4, test: 90, more: ["val_accuracy": 66])
            + invented("tip-adapter", shots: 1, test: 90, more: ["val_accuracy": 99]))
    #expect(
        page.contains(
            """
            <p class="finding">Best on validation: <b>gda with 4 shots, seed 1</b>. It classifies <b>62.0\u{A0}%</b> of the \
            test items correctly, 22.0 points above zero-shot. Mean over 2 seeds: 61.0 ± 1.4\u{A0}%.</p>
            """))
    #expect(try !report(of: invented("gda", under: "paper")).contains("class=\"finding\""))
}

@Test func theFindingCountsTestItems() throws {
    let scratch = try ScratchFolder()
    _ = try smallStudy(in: scratch, [ZeroShot.self, TipAdapter.self]).run()
    let page = try ResultSet(reading: [scratch.file("runs")]).page()
    #expect(page.contains("of 24 test items correctly (95 % interval for this number of items: "))
}

@Test func theIntervalIsThatOfSciPy() {
    // scipy.stats.binomtest(k, n).proportion_ci(method="wilson")
    let expected: [(count: Int, total: Int, low: Double, high: Double)] = [
        (176, 193, 0.863477954824753, 0.9442787085966226), (0, 24, 0, 0.1379762046749802),
        (24, 24, 0.8620237953250198, 1), (1, 7, 0.02567962434474358, 0.5131278292743189),
    ]
    for (count, total, low, high) in expected {
        let found = wilsonInterval(count, of: total)
        #expect(abs(found.lowerBound - low) < 1e-12 && abs(found.upperBound - high) < 1e-12, "\(count) of \(total)")
    }
}

@Test func theFirstViewShowsZeroShotAndTheBestFiveOnValidation() throws {
    let methods = ["tip-adapter", "tip-x", "ape", "gda", "timo", "proker", "clap"]
    let text = methods.enumerated().map { rank, method in
        invented(method, test: 90 - Double(rank), more: ["val_accuracy": 50 + rank])
    }
    let page = try report(of: invented("zero-shot", test: 40) + text.joined())
    let boxes = page.components(separatedBy: "<label class=\"l").dropFirst().map {
        $0.components(separatedBy: "</label>")[0]
    }
    let checked = Set(boxes.filter { $0.contains("checked") }.compactMap { $0.components(separatedBy: ">").last })
    #expect(boxes.count == 8 && checked == ["zero-shot", "ape", "gda", "timo", "proker", "clap"])
    #expect(page.contains("First shown are zero-shot and the five methods that are best on validation"))
}

@Test func methodsWithoutShotsHaveDifferentLines() throws {
    let page = try report(
        of: invented("zero-shot", test: 40) + invented("gda", test: 70)
            + ["up-adapter", "pseudo-tip"].map { invented($0, shots: 0, test: 50) }.joined())
    let lines = page.components(separatedBy: "class=\"s level").dropFirst().map { $0.prefix { $0 != ">" } }
    let dashes = page.components(separatedBy: "class=\"s level").dropFirst().compactMap {
        $0.components(separatedBy: "stroke-dasharray=\"").dropFirst().first?.prefix { $0 != "\"" }
    }
    #expect(lines.count == 3 && Set(dashes).count == 3)
}

@Test func confusionsNameBothClasses() throws {
    let scratch = try ScratchFolder()
    let line = try #require(try smallStudy(in: scratch, [ZeroShot.self]).run().first)
    let data = scratch.bytes("runs/\(line.run)/classes.json")
    let scores = try JSONDecoder().decode(ClassScores.self, from: data)
    let page = try ResultSet(reading: [scratch.file("runs")]).page()
    let first = try #require(scores.confusions.first)
    #expect(
        page.contains(
            "<tr><th scope=\"row\">\(scores.classes[first[0]])</th><td class=\"text\">\(scores.classes[first[1]])</td>"
                + "<td>\(first[2])</td>"))
    let mistakes = scores.confusions.reduce(0) { $0 + $1[2] }
    #expect(page.contains("<p>\(mistakes) mistakes on 24 test items.</p>"))
}

@Test func chosenSettingsAreBesideTheGivenOnes() throws {
    let scratch = try ScratchFolder()
    let line = try #require(try smallStudy(in: scratch, [TipAdapter.self]).run().first)
    let page = try ResultSet(reading: [scratch.file("runs")]).page()
    let beta = decimal(Double(try #require(line.beta)), 3)
    let row = try #require(page.components(separatedBy: "<tr><th scope=\"row\">beta</th>").dropFirst().first)
    #expect(row.prefix { $0 != "\n" }.hasSuffix("<td class=\"text\">\(beta)</td></tr>"))
}

import Adapter
import Core
import Foundation
import Reporting
import Studies
import TestSupport
import Testing

private func page(_ text: String, _ options: PageOptions = .init()) throws -> String {
    let scratch = try ScratchFolder()
    return try ResultSet(reading: [scratch.write(text, "results.jsonl")]).page(options)
}

@Test func allNumbersAndIdentitiesAreOnThePage() throws {
    let text = inventedStudy()
    let page = try page(text)
    for line in text.split(separator: "\n") {
        let line = try JSONDecoder().decode(ResultLine.self, from: Data(line.utf8))
        #expect(page.contains("<td>\(decimal(line.test_accuracy ?? 0, 2))</td>"))
        #expect(page.contains(String(line.identity.description.prefix(10))))
    }
    #expect(page.contains("<b>63.00 ± 1.00</b>"))
    #expect(page.contains(">+23.00</td>"))
}

@Test func namesAreEscapedOnThePage() throws {
    let name = "<script>alert(1)</script> \"'&"
    let page = try page(
        invented("zero-shot", name, more: ["model": name, "run": "z"])
            + invented("gda", name, more: ["model": name, "run": "g", "chosen": ["gamma": name]]))
    #expect(!page.contains("<script>alert"))
    #expect(!page.contains(name))
    #expect(page.components(separatedBy: "<script").count == 2)
    #expect(page.contains("&lt;script&gt;alert(1)&lt;/script&gt; &quot;&#39;&amp;"))
}

@Test func everyCaptionNamesTheProtocol() throws {
    let page = try page(inventedStudy() + inventedStudy(under: "paper"))
    func contents(of element: String) -> [String] {
        page.components(separatedBy: "<\(element)").dropFirst().map { $0.components(separatedBy: "</\(element)>")[0] }
    }
    let captions = contents(of: "caption")
    let figures = contents(of: "figcaption")
    #expect(captions.count > 6 && figures.count == 6)
    for caption in captions + figures {
        #expect(caption.contains("protocol val") || caption.contains("protocol paper, selected on test"), "\(caption)")
    }
}

@Test func equalResultsGiveTheSamePage() throws {
    let text = inventedStudy()
    #expect(try page(text) == page(text.split(separator: "\n").reversed().joined(separator: "\n")))
}

@Test func thePageIsSelfContained() throws {
    let page = try page(inventedStudy())
    #expect(!page.contains("http://") && !page.contains("https://") && !page.contains("url("))
    #expect(page.contains("default-src 'none'"))
}

@Test func aReportOfFourHundredRunsStaysSmall() throws {
    let methods = (0 ..< 27).map { "method-\($0)" }
    let text = methods.flatMap { method in
        [1, 2, 4, 8, 16].flatMap { shots in (1 ... 3).map { invented(method, shots: shots, seed: $0) } }
    }
    #expect(text.count > 400)
    #expect(try page(text.joined()).utf8.count < 2_000_000)
}

@Test func theSettingsLossesAndClassesOfRealRunsAreOnThePage() throws {
    let scratch = try ScratchFolder()
    var study = try smallStudy(in: scratch, [ZeroShot.self, TipAdapter.self, TipAdapterF.self, ClusterAdapter.self])
    study.settings["tip-adapter-f.lr"] = .number(0.002)
    _ = try study.run()
    let set = try ResultSet(reading: [scratch.file("runs")])
    let page = try set.page()
    for word in ["cat", "between class", "not the default", "sha-256", "true class", "--set tip-adapter-f.lr=0.002"] {
        #expect(page.localizedCaseInsensitiveContains(word), "\(word)")
    }
    #expect(!page.contains("Left out") && !page.contains(scratch.path))
    try FileManager.default.removeItem(atPath: scratch.file("runs/small"))
    let alone = try set.page()
    #expect(alone.contains("Left out: the folders of \(set.runs.count) runs"))
    #expect(!alone.contains("true class"))
}

@Test(arguments: ["run.json", "steps.jsonl", "classes.json"])
func aDamagedFileOfARunIsReported(name: String) throws {
    let scratch = try ScratchFolder()
    let study = try smallStudy(in: scratch, [ClusterAdapter.self])
    let run = try #require(try study.run().first).run
    let file = "runs/\(run)/\(name)"
    try scratch.write(scratch.text(file).replacing("4", with: "5"), file)
    let set = try ResultSet(reading: [scratch.file("runs")])
    let found = try #require(fault { _ = try set.page() })
    #expect(found.status == .badData)
    #expect(found.subject.hasSuffix("\(run)/\(name)"))
}

@Test func aCurveHasOnePointPerNumberOfShots() throws {
    let page = try page(
        invented("zero-shot", test: 40) + invented("gda", shots: 1, test: 50)
            + invented("gda", shots: 4, seed: 1, test: 58)
            + invented("gda", shots: 4, seed: 2, test: 62))
    let start = try #require(page.range(of: "<svg class=\"chart\""))
    let end = try #require(page.range(of: "</svg>", range: start.upperBound ..< page.endIndex))
    let chart = String(page[start.lowerBound ..< end.lowerBound])
    #expect(chart.contains(">45</text>") && chart.contains(">65</text>") && !chart.contains(">70</text>"))
    // Between 40 at y 356 and 65 at y 14; 1 and 4 shots are two doublings apart.
    #expect(
        chart.contains(
            """
            <g class="s level base m0"><title>zero-shot: 40.00</title>\
            <path class="l" stroke-dasharray="2 4" d="M62 356L706 356"/><text class="tick" x="706" y="352" \
            text-anchor="end">zero-shot</text></g>
            """))
    #expect(
        chart.contains(
            """
            <title>gda: 1 shot 50.00, 4 shots 60.00 ± 2.83</title><path class="l" d="M136.3 219.2L631.7 82.4"/>\
            <path class="w" d="M628.7 43.7H634.7M631.7 43.7V121.1M628.7 121.1H634.7"/>
            """), "\(chart)")
}

@Test func runsWithDifferentValidationCauseAWarning() throws {
    let scratch = try ScratchFolder()
    var study = try smallStudy(in: scratch, [TipAdapter.self])
    _ = try study.run()
    study.shots = [.count(3)]
    study.validation = .full
    _ = try study.run()
    let page = try ResultSet(reading: [scratch.file("runs")]).page()
    #expect(page.contains("not all validated alike: few-shot (1 run), whole (1 run)"))
    #expect(
        page.contains("fewshot-train --features small --method tip-adapter --shots 3,4 --seeds 1 --protocol val --set"))
}

@Test func theCommandsAreOnSeparateLines() throws {
    let page = try page(inventedStudy())
    #expect(page.contains("--protocol val -o runs\nfewshot-report html runs/results.jsonl -o report.html\n</code>"))
}

@Test func aMissingRunCannotBeShown() throws {
    var options = PageOptions()
    options.runs = ["pets/other"]
    #expect(fault { _ = try page(inventedStudy(), options) }?.status == .usage)
}

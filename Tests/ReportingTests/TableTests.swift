import Core
import Foundation
import Reporting
import Studies
import TestSupport
import Testing

private func results(_ text: String) throws -> ResultSet {
    let scratch = try ScratchFolder()
    return try ResultSet(reading: [scratch.write(text, "results.jsonl")])
}

@Test func aTableOfOneDataSetHasShotsAsColumns() throws {
    let text = inventedStudy().split(separator: "\n").filter { $0.contains("\"pets\"") }.joined(separator: "\n")
    #expect(
        try results(text).written(as: .text) == """
            pets: OpenAI CLIP RN50, test accuracy in percent, protocol val

            method                1 shot         4 shots
            zero-shot              40.00           40.00
            tip-adapter     53.00 ± 1.00    56.00 ± 1.00
            tip-adapter-f   63.00 ± 1.00*   66.00 ± 1.00*

            * is the best of its column.
            ± is the sample standard deviation (n - 1) over 3 seeds.

            """)
}

@Test func aTableOfSeveralDataSetsHasThemAndTheirAverageAsColumns() throws {
    #expect(
        try results(inventedStudy()).written(as: .markdown) == """
            <!-- made by fewshot-report -->

            OpenAI CLIP RN50, test accuracy in percent, protocol val

            | method | shots | caltech101 | pets | average |
            | --- | --- | ---: | ---: | ---: |
            | zero-shot | 0 | 41.00 | 40.00 | 40.50 |
            | tip-adapter | 1 | 73.00 ± 1.00 | 53.00 ± 1.00 | 63.00 ± 1.00 |
            | tip-adapter | 4 | 76.00 ± 1.00 | 56.00 ± 1.00 | 66.00 ± 1.00 |
            | tip-adapter-f | 1 | **83.00 ± 1.00** | **63.00 ± 1.00** | **73.00 ± 1.00** |
            | tip-adapter-f | 4 | **86.00 ± 1.00** | **66.00 ± 1.00** | **76.00 ± 1.00** |

            ± is the sample standard deviation (n - 1) over 3 seeds.

            """)
}

@Test func protocolsNeverShareATable() throws {
    let both = try results(
        inventedStudy() + inventedStudy(under: "paper").replacing("\"test_accuracy\":5", with: "\"test_accuracy\":9"))
    let tables = both.tables()
    #expect(tables.count == 2)
    #expect(tables[0] == (try results(inventedStudy()).tables()[0]))
    #expect(tables[0].caption.hasSuffix("protocol val"))
    #expect(tables[1].caption.hasSuffix("protocol paper, selected on test"))
    for format in [TableFormat.latex, .markdown, .text] {
        #expect(both.filtered(.paper).written(as: format).contains("selected on test"))
        #expect(!both.filtered(.val).written(as: format).contains("selected on test"))
    }
}

@Test func captionsNameTheMethodsThatChoseOnTest() throws {
    let lines = invented("tip-adapter-f", under: "paper") + invented("gda", under: "paper", more: ["note": NSNull()])
    for text in [try results(lines).tables()[0].caption, try results(lines).written(as: .latex)] {
        #expect(text.contains("protocol paper, selected on test: tip-adapter-f"))
    }
    let none = invented("gda", under: "paper", more: ["note": NSNull()])
    #expect(try results(none).tables()[0].caption.hasSuffix("protocol paper"))
}

@Test func methodsWithoutPublishedCodeAreMarked() throws {
    let lines = ["up-adapter", "pseudo-tip", "gda"].map { invented($0) }.joined()
    let set = try results(lines)
    for format in [TableFormat.latex, .markdown, .text] {
        let text = set.written(as: format)
        #expect(text.contains("up-adapter (reconstruction)") && text.contains("pseudo-tip (ours)"))
        #expect(!text.contains("gda ("))
    }
    let csv = set.written(as: .csv).split(separator: "\n")
    #expect(csv[0].contains(",method,origin,"))
    #expect(csv.count { $0.contains(",up-adapter,reconstruction,") } == 1)
    #expect(csv.count { $0.contains(",gda,published code,") } == 1)
    #expect(set.written(as: .json).contains("\"origin\" : \"ours\""))
}

@Test func modelsAndClassesNeverShareATable() throws {
    let tables = try results(
        invented("zero-shot") + invented("zero-shot", more: ["model": "other", "run": "a"])
            + invented("zero-shot", more: ["classes": "base", "run": "b"])
    ).tables()
    #expect(tables.count == 3)
    #expect(Set(tables.map(\.caption)).count == 3)
}

@Test func anAverageNeedsEveryDataSet() throws {
    let table = try #require(
        try results(
            invented("gda", "pets") + invented("gda", "dtd") + invented("ape", "pets")
        ).tables().first)
    #expect(table.heads == ["dtd", "pets", "average"])
    #expect(table.rows.map { $0.cells.map { $0?.value.mean } } == [[nil, 50, nil], [50, 50, 50]])
}

@Test func equalIdentitiesCountOnce() throws {
    let scratch = try ScratchFolder()
    let paths = try ["a", "b"].map { try scratch.write(inventedStudy(), "\($0)/results.jsonl") }
    let one = try ResultSet(reading: [paths[0]])
    let both = try ResultSet(reading: paths + [scratch.file("a")])
    #expect(one.runs.map(\.line) == both.runs.map(\.line))
}

@Test func aRunTrainedAgainReplacesTheEarlierResult() throws {
    let set = try results(invented("gda", test: 10) + invented("gda", test: 20, more: ["alpha": 3]))
    #expect(set.runs.map(\.line.test_accuracy) == [20])
    #expect(set.notes == ["results.jsonl: 1 result left out, trained again with other settings"])
}

@Test func conflictingRunsAreRejected() throws {
    let scratch = try ScratchFolder()
    let a = try scratch.write(invented("gda"), "a/results.jsonl")
    let b = try scratch.write(invented("gda", more: ["alpha": 3]), "b/results.jsonl")
    let found = fault { _ = try ResultSet(reading: [a, b]) }
    #expect(found?.status == .badData)
    #expect(found?.description.contains("report the two separately") == true)
    let one = try scratch.write(
        invented("gda", more: ["run": "x/1"]) + invented("gda", test: 70, more: ["run": "y/1"]), "results.jsonl")
    #expect(fault { _ = try ResultSet(reading: [one]) }?.status == .badData)
    #expect(try ResultSet(reading: [one], features: ["y"]).runs.map(\.line.test_accuracy) == [70])
}

@Test(arguments: [
    ("{\"method\":", "broken JSON"), ("{}", "no 'method'"), ("7", "not an object"),
    (invented("gda", test: 101), "test_accuracy 101"), (invented("gda", shots: -1), "-1 shots"),
    (invented("gda", more: ["run": "../other"]), "'../other'"), (invented("gda", more: ["run": "/etc"]), "'/etc'"),
    (invented("gda", more: ["protocol": "best"]), "unusable"),
])
func aDamagedLineIsRejectedWithFileAndNumber(line: String, message: String) throws {
    let scratch = try ScratchFolder()
    let path = try scratch.write(invented("zero-shot") + "\n" + line, "results.jsonl")
    let found = try #require(fault { _ = try ResultSet(reading: [path]) })
    #expect(found.status == .badData)
    #expect(found.subject == "\(path), line 3")
    #expect(found.found.contains(message), "\(found)")
}

@Test func publishedNumbersAndDifferencesAreShown() throws {
    var options = TableOptions()
    options.showsPublished = true
    let text = try results(invented("tip-adapter-f", "dtd", shots: 16, test: 67)).written(as: .text, options)
    #expect(text.contains("  published        66.55\n  difference       +0.45\n"), "\(text)")
    #expect(text.contains("exp.log"))
    for (model, dataset) in [
        ("RN50 laion", "dtd"), ("RN50x4", "dtd"), ("RN50", "mine"), ("ViT-B/16", "dtd"), ("RN50", "imagenet-sketch"),
    ] {
        let other = try results(
            invented("tip-adapter-f", dataset, shots: 16, test: 67, more: ["model": model]))
        #expect(!other.written(as: .text, options).contains("difference"), "\(model) \(dataset)")
    }
}

@Test func publishedAveragesNeedTheElevenDataSets() throws {
    var options = TableOptions()
    options.showsPublished = true
    let names = [
        "ucf101", "sun397", "stanford_cars", "oxford_pets", "food101", "oxford_flowers", "fgvc_aircraft", "eurosat",
        "dtd",
        "caltech101", "imagenet",
    ]
    let lines = names.map { invented("proker", $0, shots: 16, test: 82, more: ["model": "OpenAI ViT-B/16"]) }
    let whole = try #require(try results(lines.joined()).tables(options).first)
    #expect(whole.heads == names.reversed() + ["average"])
    #expect(whole.rows.count == 3)
    #expect(whole.rows[1].cells.compactMap { $0?.value.mean } == [82.01])
    let part = try #require(try results(lines.dropLast().joined()).tables(options).first)
    #expect(part.rows.count == 1)
}

@Test func harmonicMeansAreAveragedOverRuns() throws {
    func evaluation(_ seed: Int, _ test: Double, _ task: String, _ dataset: String) -> String {
        invented(
            "gda", "pets", seed: seed, test: test,
            more: ["classes": "base", "evaluation": ["task": task, "dataset": dataset, "classes": 18]])
    }
    let text = (1 ... 2).map { seed in
        invented("gda", "pets", seed: seed, test: 79 + Double(seed % 2) * 2, more: ["classes": "base"])
            + evaluation(seed, 60, "new", "pets") + evaluation(seed, 30, "shift", "a")
            + evaluation(seed, 50, "shift", "b") + evaluation(seed, 10, "transfer", "c")
    }
    let tables = try results(text.joined()).tables()
    let numbers: [[Double?]] = tables.map { table in table.rows[0].cells.map { $0?.value.mean } }
    // 2·81·60 / (81+60) and 2·79·60 / (79+60).
    let means: [Double] = [9720.0 / 141, 9480.0 / 139]
    let harmonic = (means[0] + means[1]) / 2
    let expected: [[Double?]] = [[80], [80, 60, harmonic], [80, 30, 50, 40], [80, 10]]
    #expect(numbers == expected)
    #expect(tables.allSatisfy { $0.caption.hasSuffix("protocol val") })
}

@Test func theTablesOfAStudyNameFoldersOfOneDataSetAndTheHarmonicMean() throws {
    let lines = try [
        invented("gda", test: 81, more: ["run": "plain/gda", "classes": "base"]),
        invented(
            "gda", test: 60,
            more: [
                "run": "plain/gda", "classes": "base", "evaluation": ["task": "new", "dataset": "pets", "classes": 18],
            ]),
        invented("tip-adapter", under: "paper", test: 70, more: ["run": "plain/tip"]),
        invented("tip-adapter", under: "paper", test: 71, more: ["run": "other/tip"]),
        invented("zero-shot", under: "paper", test: 40, more: ["run": "other/zero"]),
    ].map { try JSONDecoder().decode(ResultLine.self, from: Data($0.utf8)) }
    let base = "pets, OpenAI CLIP RN50"
    let paper = "test accuracy in percent, protocol paper, selected on test"
    #expect(
        ReportTable.pages(lines) == [
            "\(base) (base classes), test accuracy in percent, protocol val\n\nmethod   4 shots\ngda        81.00\n",
            "\(base) (new classes, trained on base), test accuracy in percent, protocol val\n\n"
                + "method   4 shots\ngda        60.00\n",
            "\(base) (plain), \(paper)\n\nmethod        4 shots\ntip-adapter     70.00\n",
            "\(base) (other), \(paper)\n\nmethod        4 shots\nzero-shot       40.00\ntip-adapter     71.00*\n"
                + "\n* is the best of its column.\n",
            "\(base) (harmonic mean of base and new classes), test accuracy in percent, protocol val\n\n"
                + "method   4 shots\ngda        68.94\n",
        ])
}

@Test func namesAreEscapedInEveryFormat() throws {
    let name = "a|b_c&d%<e>\"f\",g"
    let set = try results(invented("gda", name))
    #expect(set.written(as: .latex).contains("a\\textbar{}b\\_c\\&d\\%\\textless{}e\\textgreater{}\\textquotedbl{}f"))
    #expect(set.written(as: .markdown).contains("a\\|b\\_c&amp;d%&lt;e&gt;\"f\",g"))
    #expect(set.written(as: .csv).contains(",\"a|b_c&d%<e>\"\"f\"\",g\","))
}

@Test func everyRunIsOneRecordOfCSVAndJSON() throws {
    let set = try results(inventedStudy())
    let csv = set.written(as: .csv).split(separator: "\n")
    #expect(csv.count == 1 + set.runs.count)
    let json = try JSONDecoder().decode([ResultLine].self, from: Data(set.written(as: .json).utf8))
    #expect(json == set.runs.map(\.line))
}

@Test func aFileOfAnotherProgramIsNotReplaced() throws {
    let scratch = try ScratchFolder()
    let path = try scratch.write("mine", "a.md")
    let text = try results(inventedStudy()).written(as: .markdown)
    #expect(fault { try ReportFile.publish(text, to: path, replacing: false) }?.status == .cannotCreate)
    #expect(scratch.text("a.md") == "mine")
    #expect(try ReportFile.publish(text, to: path, replacing: true))
    #expect(try !ReportFile.publish(text, to: path, replacing: false))
    #expect(try ReportFile.publish(text + "\n", to: path, replacing: false))
}

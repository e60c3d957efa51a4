import Adapter
import Core
import Foundation
import Splits
import Studies
import TestSupport
import Testing

/// A study under a protocol, with or without a val subset.
private func study(
    _ selection: SelectionProtocol, hasVal: Bool = true, _ methods: [any AdapterMethod.Type] = Adapter.methods,
    in scratch: borrowing ScratchFolder
) throws -> Study {
    let folder = hasVal ? "small" : "without-val"
    if !hasVal {
        var features = SmallFeatures()
        features.itemsOfClass[.val] = 0
        try features.write(to: scratch.file(folder))
    }
    var study = try smallStudy(in: scratch, methods, features: folder)
    study.selection = selection
    return study
}

/// The methods whose published code selects on test: always, or where there is no val subset.
private let onTest: Set = ["tip-adapter-f", "cluster-adapter"]
private let onTestWithoutVal: Set = [
    "linear-probe", "tip-adapter", "tip-adapter-f", "tip-x", "ape", "ape-t", "gda", "timo", "timo-s", "proker",
    "cluster-adapter",
]

@Test(arguments: SelectionProtocol.allCases, [true, false])
func everyMethodRunsOrSaysWhatToDo(selection: SelectionProtocol, hasVal: Bool) throws {
    let scratch = try ScratchFolder()
    let outcome = try study(selection, hasVal: hasVal, in: scratch).outcome()
    let noted: Set<String> =
        selection == .paper ? (hasVal ? onTest : onTestWithoutVal) : []
    // Without a val subset, two methods choose on train items as published; the others have no validation accuracy.
    let validated = Set(
        hasVal ? Adapter.methods.map { $0.name } : selection == .paper ? ["lp-plus-plus", "cross-modal"] : [])
    for line in outcome.lines {
        #expect(line.note == (noted.contains(line.method) ? "selected on test" : nil), "\(line.method)")
        #expect((line.val_accuracy != nil) == validated.contains(line.method), "\(line.method)")
        #expect(line.test_accuracy != nil)
    }
    let refused = Set(outcome.failures.map { $0.run.split(separator: "/")[1].prefix { $0 != "," } }.map(String.init))
    let choosers = Adapter.methods.filter { $0.isSearched || $0.choosesEpoch }.map { $0.name }
    #expect(refused == Set(!hasVal && selection == .val ? choosers : []))
    #expect(outcome.lines.count + refused.count == Adapter.methods.count)
    for failure in outcome.failures {
        #expect(failure.fault.status == .noInput && failure.fault.found == "no val subset")
        for way in ["val_from_train", "protocol fixed", "protocol paper"] {
            #expect(failure.fault.remedy.contains(way), "\(failure.fault.remedy)")
        }
    }
}

@Test func theRecordSaysWhereValidationItemsCameFrom() throws {
    let scratch = try ScratchFolder()
    let ofVal = [
        "lp-plus-plus": "as many as shots", "cross-modal": "few-shot", "linear-probe": "few-shot", "gda": "whole",
    ]
    let replaced = [
        "lp-plus-plus": "as many as shots from train", "cross-modal": "few-shot from train",
        "linear-probe": "few-shot from test", "gda": "test",
    ]
    for (hasVal, expected) in [(true, ofVal), (false, replaced)] {
        for line in try study(.paper, hasVal: hasVal, in: scratch).run() {
            guard let expected = expected[line.method] else { continue }
            let record = try #require(try RunFolder(scratch.file("runs/\(line.run)")).record())
            #expect(record.identity.settings["validation"] == expected, "\(line.method)")
        }
    }
}

/// No other item of the val subset changes an adapter.
@Test(arguments: ["lp-plus-plus", "cross-modal", "linear-probe"], [2, 6])
func publishedValidationIsAsLargeAsInTheCode(name: String, shots: Int) throws {
    let scratch = try ScratchFolder()
    let features = SmallFeatures()
    let size = name == "lp-plus-plus" ? shots : min(shots, 4)
    let sample = try FewShotSample(
        .coop, train: features.labels(.train), val: features.labels(.val), count: .init(shots, val: size), seed: 1,
        subject: "small")
    let val = try #require(sample.val)
    #expect(val.count == 4 * size)
    var others = features
    others.changed = [.val: Set(0 ..< features.count(.val)).subtracting(val)]
    var own = features
    own.changed = [.val: Set(val)]
    try features.write(to: scratch.file("a/small"))
    try others.write(to: scratch.file("b/small"))
    try own.write(to: scratch.file("c/small"))
    let accuracies = try ["a", "b", "c"].map { folder in
        var study = try smallStudy(
            in: scratch, methods(named: name), features: "\(folder)/small", output: "\(folder)-runs")
        study.selection = .paper
        study.shots = [.count(shots)]
        return try study.run().map(\.val_accuracy)
    }
    // With many shots, other items may have the same accuracy.
    #expect(accuracies[0] == accuracies[1] && (shots > 2 || accuracies[0] != accuracies[2]))
    let adapters = ["a", "b"].map { folder in
        scratch.files(in: "\(folder)-runs").filter { $0.key.hasSuffix("adapter.safetensors") }
    }
    #expect(adapters[0].count == 1 && adapters[0] == adapters[1])
}

@Test func theTrainItemsOfASampleDoNotDependOnTheNumberOfValItems() throws {
    let labels = SmallFeatures().labels(.train)
    for scheme in FewShotSample.Scheme.allCases {
        let samples = try [nil, 1, 5].map { count in
            try FewShotSample(
                scheme, train: labels, val: SmallFeatures().labels(.val), count: .init(4, val: count), seed: 3,
                subject: "small")
        }
        #expect(samples.allSatisfy { $0.train == samples[0].train })
        #expect(samples[1].val?.count == 4 && samples[2].val?.count == 20)
    }
}

@Test func theBestPointOfThePublishedGridIsChosen() throws {
    let scratch = try ScratchFolder()
    var paper = try study(.paper, [CrossModal.self], in: scratch)
    paper.settings = ["iterations": 60]
    let line = try #require(paper.run().first)
    // Each point by itself, given as settings.
    let points = CrossModal.publishedGrid(images: 16, prompts: 12)
    #expect(points.count == 6)
    var alone: [ResultLine] = []
    for (index, point) in points.enumerated() {
        var single = paper
        single.settings.merge(point) { $1 }
        single.output = scratch.file("point\(index)")
        alone += try single.run()
    }
    let best = try #require(alone.compactMap(\.val_accuracy).max())
    let first = try #require(alone.firstIndex { $0.val_accuracy == best })
    #expect(line.val_accuracy == best && line.epoch == alone[first].epoch)
    #expect(line.test_accuracy == alone[first].test_accuracy)
    #expect(line.chosen == points[first])
}

@Test func equalEpochsFollowThePublishedCodeUnderPaper() throws {
    let scratch = try ScratchFolder()
    let methods: [any AdapterMethod.Type] = [ApeT.self, LPPlusPlus.self]
    for line in try study(.paper, methods, in: scratch).run() {
        let steps = scratch.text("runs/\(line.run)/steps.jsonl").split(separator: "\n")
        let accuracies = steps.compactMap { text -> Double? in
            let entry = try? JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any]
            return entry?["val_accuracy"] as? Double
        }
        let best = accuracies.indices.filter { accuracies[$0] == accuracies.max() }
        let expected = line.method == "ape-t" ? best.first : best.last
        #expect(accuracies.count == 5 && line.epoch == expected.map { $0 + 1 }, "\(line.method): \(accuracies)")
    }
}

@Test(arguments: ["tip-adapter-f", "cluster-adapter"])
func theValidationAccuracyIsThatOfTheSavedAdapter(name: String) throws {
    let scratch = try ScratchFolder()
    var study = try study(.paper, methods(named: name), in: scratch)
    study.seeds = Array(1 ... 6)
    study.settings["alpha"] = 5
    let lines = try study.run()
    for line in lines {
        let saved = try SavedRun(path: scratch.file("runs/\(line.run)"))
        #expect(try saved.evaluate(on: scratch.file("small"), part: .val).scores.accuracy == line.val_accuracy)
        #expect(try saved.evaluate(on: scratch.file("small")).scores.accuracy == line.test_accuracy)
    }
    // Both outcomes occur: the noted epoch, which keeps the settings of training, and the searched setting. On these
    // features, the search of Tip-Adapter-F always wins.
    #expect(name == "tip-adapter-f" || Set(lines.map { $0.chosen == nil }) == [true, false])
}

@Test func givenSettingsWinOverPublishedOnes() throws {
    let scratch = try ScratchFolder()
    var study = try study(.paper, [CLIPAdapter.self, CrossModal.self], in: scratch)
    study.settings = ["clip-adapter.epochs": 3, "cross-modal.lr": 0.01, "iterations": 8]
    for line in try study.run() {
        let settings = try #require(try RunFolder(scratch.file("runs/\(line.run)")).record()).identity.settings
        if line.method == "clip-adapter" {
            #expect(settings["settings.epochs"] == "3" && settings["settings.optimizer"] == "sgd")
            #expect(settings["settings.lr"] == "0.002" && settings["settings.lr_schedule"] == "dassl")
        } else {
            #expect(settings["settings.lr"] == "0.01" && settings["proposals"] == "3 published")
            #expect(line.chosen?["lr"] == nil && line.chosen?["weight_decay"] != nil)
        }
    }
}

@Test func underValidationTheDefaultsOfTheProjectStay() throws {
    let scratch = try ScratchFolder()
    var study = try study(.val, [CLIPAdapter.self], in: scratch)
    study.settings = ["epochs": 2]
    let line = try #require(study.run().first)
    let settings = try #require(try RunFolder(scratch.file("runs/\(line.run)")).record()).identity.settings
    #expect(settings["settings.optimizer"] == "adam" && settings["settings.lr_schedule"] == "cosine")
}

@Test func theAssumedLengthOfUnitTextsIsNoted() throws {
    let scratch = try ScratchFolder()
    var features = SmallFeatures()
    features.hasUnitText = true
    try features.write(to: scratch.file("unit"))
    let notes = Notes()
    var study = try smallStudy(in: scratch, features: "unit")
    study.events.note = { notes.add($0) }
    let readers: Set = ["task-res", "zs-lp", "clap", "graph-adapter"]
    for line in try study.run() {
        let record = try #require(try RunFolder(scratch.file("runs/\(line.run)")).record())
        let isNoted = record.notes.contains { $0.contains("length is taken as 10 (text_length)") }
        #expect(isNoted == readers.contains(line.method), "\(line.method)")
    }
    // The tool says it once for all runs.
    let said = notes.all.filter { $0.contains("text_length") }
    #expect(said.count == 1 && readers.allSatisfy { said[0].contains($0) }, "\(said)")
    study.settings["text_length"] = 1
    study.output = scratch.file("short")
    let line = try #require(study.run().first { $0.method == "clap" })
    #expect(notes.all.count { $0.contains("text_length") } == 1)
    let record = try #require(try RunFolder(scratch.file("short/\(line.run)")).record())
    #expect(record.notes.contains { $0.contains("length is taken as 1 (text_length)") })
}

@Test func textsWithLengthsKeepThem() throws {
    let scratch = try ScratchFolder()
    let notes = Notes()
    var study = try smallStudy(in: scratch, [ZSLP.self])
    study.events.note = { notes.add($0) }
    let lines = try study.run()
    #expect(notes.all.isEmpty)
    study.settings["text_length"] = 3
    study.output = scratch.file("other")
    #expect(try study.run().map(\.test_accuracy) == lines.map(\.test_accuracy))
}

import Adapter
import Core
import Studies
import TestSupport
import Testing

/// A study of all methods, whose trainings have no steps.
private func untrained(in scratch: borrowing ScratchFolder) throws -> Study {
    var study = try smallStudy(in: scratch)
    for method in MethodDescription.all {
        for name in ["epochs", "iterations"] where method.settings[name] != nil && method.name != "linear-probe" {
            study.settings["\(method.name).\(name)"] = 0
        }
    }
    return study
}

@Test func withoutEpochsEveryMethodIsSavedAndReused() throws {
    let scratch = try ScratchFolder()
    let reused = Notes()
    var study = try untrained(in: scratch)
    study.events.finished = { line, isReused in if isReused { reused.add(line.run) } }
    let lines = try study.run()
    let files = scratch.files(in: "runs")
    #expect(lines.count == Adapter.methods.count && !files.keys.contains { $0.hasSuffix("steps.jsonl") })
    let trained = Adapter.methods.filter { $0 is any TrainedMethod.Type }.map { $0.name }
    for line in lines where trained.contains(line.method) { #expect(line.epoch == 0, "\(line.method)") }
    #expect(try study.run() == lines && reused.all == lines.map(\.run))
    #expect(scratch.files(in: "runs") == files)
    for line in lines { _ = try SavedRun(path: scratch.file("runs/\(line.run)")) }
}

/// Pairs of a trained method and the one without training that it starts from.
@Test(
    arguments: [
        ("tip-adapter-f", "tip-adapter"), ("task-res", "zero-shot"), ("zs-lp", "zero-shot"), ("clap", "zero-shot"),
        ("cross-modal", "zero-shot"),
    ])
func withoutEpochsATrainedMethodIsTheOneThatItStartsFrom(trained: String, start: String) throws {
    let scratch = try ScratchFolder()
    // The mean of texts with lengths has another direction than that of unit texts.
    var features = SmallFeatures()
    features.hasUnitText = true
    try features.write(to: scratch.file("small"))
    var study = try untrained(in: scratch)
    study.methods = try methods(named: "\(start),\(trained)")
    study.settings = study.settings.filter { $0.key.hasPrefix("\(trained).") || $0.key == "search_step" }
    if !study.knows("search_step") { study.settings["search_step"] = nil }
    let lines = try study.run()
    let predictions = try lines.map { line in
        try SavedRun(path: scratch.file("runs/\(line.run)")).predictions(on: scratch.file("small"), part: .test, top: 4)
    }
    #expect(lines.count == 2 && lines[0].test_accuracy == lines[1].test_accuracy)
    for (expected, found) in zip(predictions[0], predictions[1]) {
        #expect(expected.classes.map(\.name) == found.classes.map(\.name))
        for (expected, found) in zip(expected.classes, found.classes) {
            // The texts, unit rows in float16, may be normalized once more.
            #expect(abs(expected.probability - found.probability) < 1e-3, "\(trained)")
        }
    }
}

import Adapter
import Core
import FeatureStore
import Foundation
import Kernels
import Splits
import Studies
import TestSupport
import Testing

@Test func equalInputsGiveEqualBytesWithAnyNumberOfThreads() throws {
    let scratch = try ScratchFolder()
    for output in ["all cores", "all cores again", "one thread"] {
        var study = try smallStudy(in: scratch, output: output)
        study.shots = [.count(1), .count(4), .all]
        study.seeds = [1, 2]
        // On the whole subset, methods without training do not depend on the seed.
        let runs = Adapter.methods.map { method in
            let isTrained = method is any TrainedMethod.Type
            return method.fitsTo == .shots ? (isTrained ? 6 : 5) : (isTrained ? 2 : 1)
        }
        let made =
            output == "one thread"
            ? Parallel.onOneThread { [study] in Result { try study.run() } } : Result { try study.run() }
        #expect(try made.get().count == runs.reduce(0, +))
    }
    let first = scratch.files(in: "all cores")
    #expect(first.keys.contains("results.jsonl"))
    #expect(first == scratch.files(in: "all cores again"))
    #expect(first == scratch.files(in: "one thread"))
}

@Test func aFinishedRunIsReusedAndLoggedOnce() throws {
    let scratch = try ScratchFolder()
    let notes = Notes()
    var study = try smallStudy(in: scratch)
    study.events.finished = { line, reused in if reused { notes.add(line.run) } }
    let lines = try study.run()
    #expect(notes.all.isEmpty)
    let files = scratch.files(in: "runs")
    #expect(try study.run() == lines)
    #expect(notes.all == lines.map(\.run))
    #expect(scratch.files(in: "runs") == files)
    #expect(scratch.text("runs/results.jsonl").split(separator: "\n").count == lines.count)
}

@Test func otherSettingsInTheSameOutputAreRefusedWithBothValues() throws {
    let scratch = try ScratchFolder()
    var study = try smallStudy(in: scratch, [TipAdapterF.self])
    _ = try study.run()
    let files = scratch.files(in: "runs")
    study.settings["tip-adapter-f.lr"] = .number(0.5)
    let found = try #require(fault { _ = try study.run() })
    #expect(found.status == .cannotCreate)
    #expect(found.found.contains("settings.lr is 0.001") && found.expected == "0.5", "\(found)")
    #expect(scratch.files(in: "runs") == files)
    study.replaces = true
    _ = try study.run()
    #expect(scratch.files(in: "runs") != files)
}

/// Interrupts a training after `steps`, resumes it, and expects the files of a training that was not interrupted.
///
/// Returns the files that the interruption left.
private func expectResumption(of name: String, after steps: Int) throws -> [String] {
    let scratch = try ScratchFolder()
    let method = try methods(named: name)
    _ = try smallStudy(in: scratch, method, output: "smooth").run()
    let study = try smallStudy(in: scratch, method, output: "broken")
    // The condition is evaluated before the run and before each step.
    let found = fault { _ = try study.stopped(after: 1 + steps).run() }
    #expect(found == nil || found?.status == .interrupted)
    let left = scratch.files(in: "broken").keys.sorted()
    _ = try study.run()
    #expect(scratch.files(in: "broken") == scratch.files(in: "smooth"))
    return left
}

@Test(arguments: ["tip-adapter-f", "cluster-adapter"], [3, 11, 14])
func anInterruptedTrainingGoesOnToTheSameBytes(name: String, steps: Int) throws {
    let left = try expectResumption(of: name, after: steps)
    #expect(left.count == 2 && left.count { $0.hasSuffix("checkpoint.safetensors") } == 1)
}

@Test(arguments: Adapter.methods.filter { $0 is any TrainedMethod.Type }.map { $0.name }, [1, 7])
func everyTrainingGoesOnToTheSameBytes(name: String, steps: Int) throws {
    // Trainings with fewer steps are not interrupted.
    _ = try expectResumption(of: name, after: steps)
}

@Test func validationIsMinOfKAnd4ItemsAClass() throws {
    let scratch = try ScratchFolder()
    let features = SmallFeatures()
    for (shots, expected) in [(1, 1), (4, 4), (8, 4)] {
        let sample = try FewShotSample(
            .coop, train: features.labels(.train), val: features.labels(.val), shots: shots, seed: 1, subject: "small")
        let val = try #require(sample.val)
        let counts = Dictionary(grouping: val, by: SmallFeatures.label).mapValues(\.count)
        #expect(counts == [0: expected, 1: expected, 2: expected, 3: expected])
        // No other item of the val subset matters.
        var others = features
        others.changed = [.val: Set(0 ..< features.count(.val)).subtracting(val)]
        try others.write(to: scratch.file("changed\(shots)/small"))
        let adapters = try ["whole", "changed\(shots)"].map { source in
            var study = try smallStudy(in: scratch, features: "\(source)/small", output: "\(source)-runs\(shots)")
            study.shots = [.count(shots)]
            _ = try study.run()
            return scratch.files(in: "\(source)-runs\(shots)").filter {
                // Methods without a sample evaluate all of validation, and choose nothing on it.
                $0.key.hasSuffix("adapter.safetensors")
                    || ($0.key.hasSuffix("steps.jsonl") && !$0.key.contains("up-adapter"))
            }
        }
        #expect(adapters[0].count > Adapter.methods.count && adapters[0] == adapters[1])
    }
}

@Test func theTestPartDoesNotReachTraining() throws {
    let scratch = try ScratchFolder()
    var others = SmallFeatures()
    others.changed = [.test: Set(0 ..< others.count(.test))]
    try others.write(to: scratch.file("b/small"))
    let results = try ["a", "b"].map { name in
        try smallStudy(in: scratch, features: "\(name)/small", output: "\(name)-runs").run()
    }
    let kept = ["a", "b"].map { name in
        scratch.files(in: "\(name)-runs").filter {
            !["run.json", "classes.json", "results.jsonl", "sources.json"].contains(where: $0.key.hasSuffix)
        }
    }
    #expect(kept[0].count > Adapter.methods.count && kept[0] == kept[1])
    #expect(results[0].map(\.val_accuracy) == results[1].map(\.val_accuracy))
    #expect(results[0].map(\.alpha) == results[1].map(\.alpha) && results[0].map(\.beta) == results[1].map(\.beta))
    #expect(results[0].map(\.test_accuracy) != results[1].map(\.test_accuracy))
}

@Test func thePaperProtocolSaysThatItSelectsOnTest() throws {
    let scratch = try ScratchFolder()
    var study = try smallStudy(in: scratch)
    study.selection = .paper
    let noted = ["cluster-adapter", "tip-adapter-f"]
    #expect(try study.run().filter { $0.note == "selected on test" }.map(\.method).sorted() == noted)
    let results = scratch.text("runs/results.jsonl").split(separator: "\n")
    #expect(results.count == Adapter.methods.count)
    #expect(results.count { $0.contains("\"note\":\"selected on test\"") } == noted.count)
    let chosen = scratch.files(in: "runs").filter {
        $0.key.hasSuffix("steps.jsonl") && String(decoding: $0.value, as: UTF8.self).contains("selected_on_test")
    }
    let names = chosen.keys.map { $0.split(separator: "/")[1].split(separator: ".")[0] }.sorted()
    #expect(names == ["cluster-adapter", "tip-adapter-f"])
    study.selection = .val
    #expect(try study.run().allSatisfy { $0.note == nil })
}

@Test func aStudyWithoutItsSamplesRunsNothing() throws {
    let scratch = try ScratchFolder()
    var study = try smallStudy(in: scratch, [ZeroShot.self, TipAdapter.self])
    study.shots = [.count(64)]
    let found = try #require(fault { _ = try study.run() })
    #expect(found.status == .badData && found.remedy.contains("shots all"), "\(found)")
    #expect(!scratch.files(in: "runs").keys.contains { $0.hasSuffix("run.json") })
    study.shots = [.count(64), .count(1)]
    let outcome = try study.outcome()
    #expect(outcome.lines.map(\.method) == ["zero-shot", "tip-adapter"] && outcome.failures.count == 1)
}

@Test func withoutTextTheMethodsThatNeedItAreLeftOutWithANote() throws {
    let scratch = try ScratchFolder()
    var features = SmallFeatures()
    features.hasText = false
    try features.write(to: scratch.file("small"))
    let notes = Notes()
    var study = try smallStudy(in: scratch)
    study.settings = ["epochs": .number(2)]
    study.events.note = { notes.add($0) }
    #expect(try study.run().map(\.method) == Adapter.methods.filter { !$0.needsText }.map { $0.name })
    #expect(notes.all.contains { $0.contains("no text features: zero-shot, ") && $0.contains("cluster-adapter") })
    study.methods = [ZeroShot.self]
    study.settings = [:]
    let found = fault { _ = try study.run() }
    #expect(found?.status == .noInput && found?.subject.hasSuffix("text.h5") == true)
}

@Test func aDamagedRunIsNotReused() throws {
    let scratch = try ScratchFolder()
    var study = try smallStudy(in: scratch, [TipAdapterF.self])
    let run = try #require(study.run().first).run
    let whole = scratch.files(in: "runs")
    for name in ["adapter.safetensors", "steps.jsonl", "run.json"] {
        let path = "runs/\(run)/\(name)"
        var bytes = scratch.bytes(path)
        bytes[bytes.count / 2] ^= 1
        try scratch.write(bytes, path)
        let found = fault { _ = try study.run() }
        #expect(found?.status == .badData && found?.subject == scratch.file(path), "\(name): \(found as Any)")
        #expect(scratch.bytes(path) == bytes)
        study.replaces = true
        _ = try study.run()
        study.replaces = false
        #expect(scratch.files(in: "runs") == whole)
    }
}

@Test func changedFeaturesAreToldOnceForAllRuns() throws {
    let scratch = try ScratchFolder()
    let failed = Notes()
    var study = try smallStudy(in: scratch, [ZeroShot.self, TipAdapter.self, TipAdapterF.self])
    study.shots = [.count(1), .count(4)]
    let count = try study.run().count
    var others = SmallFeatures()
    others.changed = [.test: [3], .val: [1]]
    try others.write(to: scratch.file("small"))
    study.events.failed = { run, _ in failed.add(run) }
    let fault = try #require(fault { _ = try study.outcome() })
    #expect(fault.status == .cannotCreate && fault.subject == scratch.file("runs"))
    #expect(fault.found == "\(count) runs of other features (small/test.h5, small/val.h5 changed)", "\(fault)")
    #expect(failed.all.isEmpty)
    // Runs that are not there yet are trained.
    study.shots = [.count(1), .count(2)]
    let outcome = try study.outcome()
    #expect(outcome.lines.count == 2 && outcome.failures.isEmpty && outcome.outdated.map(\.runs.count) == [3])
    #expect(outcome.outdated[0].features == ["small/test.h5", "small/val.h5"])
    study.replaces = true
    #expect(try study.run().count == 5)
}

@Test func runsWithOtherSettingsAreToldOncePerSetting() throws {
    let scratch = try ScratchFolder()
    var study = try smallStudy(in: scratch, [TipAdapterF.self, TipAdapter.self])
    study.shots = [.count(1), .count(4)]
    _ = try study.run()
    study.settings["tip-adapter-f.lr"] = .number(0.5)
    let outcome = try study.outcome()
    #expect(outcome.lines.count == 2 && outcome.failures.isEmpty && outcome.outdated.count == 1)
    let fault = outcome.outdated[0].fault(in: study.output)
    #expect(fault.found == "2 runs whose settings.lr is 0.001" && fault.expected == "0.5")
    // A study that is not complete can be resumed.
    #expect(scratch.files(in: "runs").keys.contains("study.json"))
}

@Test func aRunThatIsTrainedAgainHasOneLineOfResults() throws {
    let scratch = try ScratchFolder()
    var study = try smallStudy(in: scratch, [TipAdapterF.self, TipAdapter.self])
    study.shots = [.count(1), .count(4)]
    let count = try study.run().count
    study.settings["tip-adapter-f.lr"] = .number(0.5)
    study.replaces = true
    let lines = try study.run()
    let logged = scratch.text("runs/results.jsonl").split(separator: "\n")
    #expect(logged.count == count && Set(logged) == Set(lines.map { Substring(JSONDocument.line($0)) }))
}

@Test(arguments: [
    ("tip_adapter", ["tip-adapter"]), ("GDA, Zero-Shot", ["gda", "zero-shot"]), ("all", methods.map { $0.name }),
])
func methodsAreNamedLooselyToo(text: String, names: [String]) throws {
    #expect(try methods(named: text).map { $0.name } == names)
}

@Test func anUnknownMethodIsToldWithTheLikelyOne() {
    #expect(fault { _ = try methods(named: "tipadapter") }?.remedy.contains("'tip-adapter'") == true)
    #expect(fault { _ = try methods(named: "resnet") }?.remedy == "correct its name")
}

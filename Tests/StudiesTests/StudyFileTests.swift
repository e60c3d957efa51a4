import Adapter
import Core
import Foundation
import Splits
import Studies
import TestSupport
import Testing

private func read(_ text: String) throws -> Study {
    let scratch = try ScratchFolder()
    var study = Study(features: ["a"], output: "runs", methods: [ZeroShot.self])
    try StudyFile(path: scratch.write(text, "study.yaml")).lay(over: &study)
    return study
}

@Test func numbersOfShotsAreListsAndRanges() throws {
    #expect(try Shots.list("1-3, 8,all") == [.count(1), .count(2), .count(3), .count(8), .all])
    for text in ["", "0", "1,", "3-1", "0-2", "few", "1-all", "1000001"] {
        #expect(fault { _ = try Shots.list(text) }?.status == .usage, "\(text)")
    }
}

@Test func aStudyFileHasTheWordsOfTheFlags() throws {
    let study = try read(
        """
        features: [caches/a, caches/b]
        methods: [zero-shot, tip-adapter]
        shots: [1, 16, all]
        seeds: 1-3
        protocol: fixed
        scheme: tip
        val: full
        classes: base
        evaluate: [new, elsewhere]
        tune: true
        settings: {alpha: 2, tip-adapter: {search_scale: [7, 3]}, tip-adapter.beta: 4}
        output: out
        """)
    #expect(study.features == ["caches/a", "caches/b"])
    #expect(study.methods.map { $0.name } == ["zero-shot", "tip-adapter"])
    #expect(study.shots == [.count(1), .count(16), .all] && study.seeds == [1, 2, 3])
    #expect(study.selection == .fixed && study.scheme == .tip && study.validation == .full && study.tunes)
    #expect(study.classes == .selection(.base) && study.evaluations == [.newClasses, .folder("elsewhere")])
    #expect(study.settings["alpha"] == .number(2) && study.settings["tip-adapter.beta"] == .number(4))
    #expect(study.settings["tip-adapter.search_scale"] == .list([7, 3]) && study.output == "out")
}

@Test(arguments: [
    "shots: [0]", "shots: many", "seeds: x", "methods: [tip]", "protocol: best", "tune: perhaps", "features: {a: b}",
    "settings: 3", "settings: {alpha: {beta: {}}}", "epochs: 3", "val: half", "features: []",
])
func aStudyFileThatMeansNothingIsRefusedByName(text: String) throws {
    let found = fault { _ = try read(text) }
    #expect(found?.status == .configuration && found?.subject.hasSuffix("study.yaml") == true, "\(found as Any)")
}

@Test func everyOptionOfAStudyIsWrittenAndReadBack() throws {
    let scratch = try ScratchFolder()
    var study = Study(features: ["a", "b"], methods: [ZeroShot.self, TipAdapter.self])
    try study.set([
        "shots": ["2,all"], "seeds": ["3-5"], "classes": ["new"], "evaluate": ["new", "c"], "protocol": ["paper"],
        "scheme": ["tip"], "val": ["full"], "grid": ["true"], "tune": ["yes"], "search": ["false"],
        "allow_fewer": ["true"], "batch_order": ["o.npy"], "initial": ["i.safetensors"], "output": [],
    ])
    study.settings = ["alpha": 2, "tip-adapter.search_scale": [7, 3]]
    try StudyFile.write(study, to: scratch.file("one.json"))
    var copy = Study(methods: [])
    try StudyFile(path: scratch.file("one.json")).lay(over: &copy)
    #expect(copy.output == "runs" && copy.features == ["a", "b"] && copy.seeds == [3, 4, 5] && !copy.searches)
    try StudyFile.write(copy, to: scratch.file("two.json"))
    #expect(scratch.bytes("one.json") == scratch.bytes("two.json"))
    #expect(fault { try study.set(["val": ["half"]]) }?.option == "val")
}

@Test func aStudyIsResumedFromItsOutputAlone() throws {
    let scratch = try ScratchFolder()
    _ = try smallStudy(in: scratch, [TipAdapterF.self], output: "smooth").run()
    let study = try smallStudy(in: scratch, [TipAdapterF.self], output: "broken")
    #expect(fault { _ = try study.stopped(after: 6).run() }?.status == .interrupted)
    var resumed = Study(features: [], output: scratch.file("broken"), methods: [])
    try StudyFile.resume(scratch.file("broken")).lay(over: &resumed)
    _ = try resumed.run()
    #expect(scratch.files(in: "broken") == scratch.files(in: "smooth"))
    #expect(fault { _ = try StudyFile.resume(scratch.path) }?.status == .noInput)
}

@Test func oneFailureDoesNotStopTheOthers() throws {
    let scratch = try ScratchFolder()
    var few = SmallFeatures()
    few.itemsOfClass[.train] = 2
    try few.write(to: scratch.file("few"))
    var study = try smallStudy(in: scratch, [ZeroShot.self, TipAdapter.self])
    study.features.insert(scratch.file("few"), at: 0)
    let outcome = try study.outcome()
    #expect(outcome.lines.map(\.run) == ["few/zero-shot.val", "small/zero-shot.val", "small/tip-adapter.4shot.s1.val"])
    #expect(outcome.failures.map(\.run) == ["few, 4 shots, seed 1"])
    #expect(outcome.failures.first?.fault.status == .badData)
}

@Test func twoFoldersOfOneNameAreRefused() throws {
    let scratch = try ScratchFolder()
    var study = try smallStudy(in: scratch, [ZeroShot.self], features: "a/small")
    study.features += try smallStudy(in: scratch, features: "b/small").features
    #expect(fault { _ = try study.run() }?.status == .configuration)
}

import Adapter
import Core
import Splits
import Studies
import TestSupport
import Testing

/// The notes of a study whose options `change` sets.
private func notes(
    _ methods: [any AdapterMethod.Type], _ change: (inout Study) throws -> Void
) throws -> [String] {
    let scratch = try ScratchFolder()
    let notes = Notes()
    var study = try smallStudy(in: scratch, methods)
    study.settings = study.settings.filter { $0.key != "search_step" }
    study.events.note = { notes.add($0) }
    try change(&study)
    _ = try study.run()
    return notes.all
}

@Test func aGivenOrderIsRefusedForMethodsThatReadNone() throws {
    let scratch = try ScratchFolder()
    var study = try smallStudy(in: scratch, [TipAdapterF.self, UPAdapter.self, TipAdapter.self])
    study.batchOrder = scratch.file("orders.npy")
    let found = try #require(fault { _ = try study.run() })
    #expect(found.status == .configuration && found.option == "batch_order")
    #expect(found.found == "up-adapter, tip-adapter, which read no given order of batches", "\(found)")
    #expect(found.expected.contains("tip-adapter-f") && !found.expected.contains("up-adapter"))
    // UP-Adapter reads initial parameters, as every training does.
    study.batchOrder = nil
    study.initialParameters = scratch.file("start.safetensors")
    let other = try #require(fault { _ = try study.run() })
    #expect(other.found == "tip-adapter, which read no given parameters" && other.expected.contains("up-adapter"))
    #expect(scratch.files(in: "runs").isEmpty)
}

@Test func aSettingThatASearchReplacesIsNoted() throws {
    let found = try notes([TipAdapter.self, TipAdapterF.self]) { $0.settings["alpha"] = 2 }
    #expect(found == ["alpha has no effect on tip-adapter: a search chooses it; no_search keeps the given value"])
    let kept = try notes([TipAdapter.self]) {
        $0.settings["alpha"] = 2
        $0.searches = false
    }
    #expect(kept.isEmpty)
}

@Test func optionsOfASearchThatDoesNotTakePlaceAreNoted() throws {
    let found = try notes([TipAdapter.self]) {
        $0.settings["search_step"] = [20, 5]
        $0.selection = .fixed
    }
    #expect(found == ["search_step has no effect: nothing is searched"])
    #expect(
        try notes([ZeroShot.self]) {
            $0.usesGrid = true
            $0.searches = false
        }.prefix(2) == [
            "grid has no effect on zero-shot: nothing is searched",
            "no_search has no effect on zero-shot: nothing is searched",
        ])
    #expect(
        try notes([TipAdapter.self]) { $0.tunes = true }
            == ["tune has no effect: only cluster-adapter, clip-adapter, cross-modal propose settings"])
}

@Test func optionsOfSamplesThatNoMethodTrainsOnAreNoted() throws {
    #expect(
        try notes([ZeroShot.self]) { $0.scheme = .tip }
            == [
                "shots has no effect on zero-shot: no few-shot sample is used",
                "scheme has no effect on zero-shot: no few-shot sample is used",
            ])
    let found = try notes([TipAdapter.self]) { $0.takesValFromTrain = true }
    #expect(found.count == 1 && found[0].hasPrefix("val_from_train has no effect on "))
}

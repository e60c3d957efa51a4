import Adapter
import Core
import FeatureStore
import Studies
import TestSupport

/// Returns a study of a few steps on synthetic features of three classes, in the folders `tiny` and `runs`.
func tinyStudy(
    in scratch: borrowing ScratchFolder,
    _ methods: [any AdapterMethod.Type] = [
        ZeroShot.self, TipAdapter.self, TipAdapterF.self, ClusterAdapter.self,
    ]
) throws -> Study {
    let classes = ["ant", "bee", "cat"]
    let folder = scratch.file("tiny")
    var dice = Dice(seed: 3)
    func row(_ label: Int) -> [Float] {
        (0 ..< 8).map { ($0 % 3 == label ? 1.2 : 0.2) + .random(in: -1 ... 1, using: &dice) }
    }
    let provenance = Provenance(tool: "test", inputs: [], settings: ["model": "tiny", "dataset": "letters"])
    for part in [FeatureFile.Kind.train, .val, .test] {
        var writer = try FeatureWriter(
            path: "\(folder)/\(part.fileName)", part: part, shape: FeatureShape(count: 18, views: 1, width: 8))
        for item in 0 ..< 18 { try writer.append(row(item % 3).span) }
        try writer.commit(
            PartItems(
                labels: (0 ..< 18).map { Int32($0 % 3) }, ids: (0 ..< 18).map { "\(part)/\($0)" }, classes: classes),
            provenance: provenance)
    }
    var writer = try FeatureWriter(
        path: "\(folder)/text.h5", part: .text, shape: FeatureShape(count: 3, views: 2, width: 8))
    for label in 0 ..< 3 { for _ in 0 ..< 2 { try writer.append(row(label).span) } }
    try writer.commit(
        prompts: classes.map { ["a \($0)", "the \($0)"] }, kinds: [.template, .sentence], classes: classes,
        provenance: provenance)
    var study = Study(features: [folder], output: scratch.file("runs"), methods: methods)
    study.shots = [.count(2)]
    study.seeds = [1]
    study.settings = ["search_step": .list([10, 5])]
    for method in methods where method is any TrainedMethod.Type {
        study.settings["\(method.name).epochs"] = .number(3)
    }
    return study
}

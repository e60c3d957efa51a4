import Core
import Drawing
import Extraction
import FeatureStore
import Foundation
import Splits
import TestSupport

/// Drawn badges and the demo's encoder: 16 classes with 4 train, 1 val and 10 test images each.
struct SmallBuild: ~Copyable {
    let scratch: ScratchFolder
    let build: FeatureBuild

    /// The pictures, drawn once and copied for each test.
    private static let drawn = Result {
        let scratch = try ScratchFolder()
        _ = try DrawnDataset(.badges, style: .crayon, count: 15).publish(to: scratch.path, replaces: false)
        return scratch.files(in: "")
    }

    init() throws {
        let scratch = try ScratchFolder()
        let data = scratch.file("data")
        for (path, bytes) in try Self.drawn.get() { try scratch.write(bytes, "data/\(path)") }
        var build = FeatureBuild(
            split: "\(data)/badges.split.json", root: data, model: fixture("../../Demo/tiny-clip"),
            output: scratch.file("features"))
        build.prompts = [try scratch.write("a photo of a {}.\na drawing of a {}.\n", "templates.txt")]
        // Float32, so that the tests do not depend on the processor.
        build.precision = .float32
        build.views = 2
        self.build = build
        self.scratch = scratch
    }

    /// The build with other settings and another output.
    func build(_ output: String, _ change: (inout FeatureBuild) -> Void = { _ in }) -> FeatureBuild {
        var build = build
        build.output = scratch.file(output)
        change(&build)
        return build
    }

    /// The build in `shards` shards, as a worker reads its plan.
    func planned(
        _ output: String = "shards", shards: Int, _ change: (inout FeatureBuild) -> Void = { _ in }
    ) throws -> ShardPlan {
        let plan = try ShardPlan(build(output, change), shards: shards)
        _ = try plan.write(replaces: false)
        return try ShardPlan(path: plan.path)
    }

    var split: Split { get throws { try SplitFile(path: build.split).split } }

    /// The path of an item's image.
    func image(_ subset: Subset, _ index: Int) throws -> String {
        "\(build.root)/images/\(try split[subset][index].path)"
    }

    /// Replaces an item's image, and returns the former one.
    @discardableResult
    func replaceImage(_ subset: Subset, _ index: Int, by content: some Collection<UInt8>) throws -> [UInt8] {
        let path = try image(subset, index)
        let former = try bytes(of: path)
        try Data(content).write(to: URL(filePath: path))
        return former
    }
}

extension ShardPlan {
    func work(_ shards: [Int]) throws(Fault) { try work(on: shards, build()) }

    @discardableResult
    func merge(keepsParts: Bool = false, removesParts: Bool = false) throws(Fault) -> BuildOutcome {
        try merge(build(), keepsParts: keepsParts, removesParts: removesParts)
    }

    /// The merged feature files.
    var merged: [String: Data] { get throws { try build().features } }
}

extension BuildOutcome {
    /// The number of encoded views.
    var encoded: Int { stages.first { $0.stage == "encode" }?.count ?? 0 }
}

extension FeatureBuild {
    /// All files of the output.
    var files: [String: Data] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: output)) ?? []
        return Dictionary(
            uniqueKeysWithValues: names.compactMap { name in
                FileManager.default.contents(atPath: "\(output)/\(name)").map { (name, $0) }
            })
    }

    /// The feature files of the output.
    var features: [String: Data] { files.filter { $0.key.hasSuffix(".h5") } }

    func file(_ kind: FeatureFile.Kind) throws(Fault) -> FeatureFile {
        try FeatureFile(path: "\(output)/\(kind.fileName)")
    }
}

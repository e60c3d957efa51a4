internal import Adapter
internal import Core
internal import FeatureStore

/// The runs of a study, each with its few-shot sample.
///
/// Samples that fail are reported before anything is trained.
struct StudyPlan {
    private(set) var runs: [Run] = []
    let targets: OpenedTargets
    private(set) var failures: [(run: String, fault: Fault)] = []

    init(_ study: Study) throws(Fault) {
        let order = try study.batchOrder.map { path throws(Fault) in try BatchOrder(path: path) }
        let folders = try study.features.map { path throws(Fault) in try OpenedFolder(path, classes: study.classes) }
        try Self.requireDistinctNames(folders)
        try study.checkSettings()
        targets = try OpenedTargets(study, folders)
        for opened in folders {
            let able = try study.methodsAble(with: opened)
            add(study, opened, able.filter { $0.fitsTo != .shots }, nil, study.seeds, order)
            for (shots, seed) in study.samples {
                let sampled = able.filter { $0.fitsTo == .shots && $0.has(use: seed, of: shots, in: study) }
                guard !sampled.isEmpty else { continue }
                do throws(Fault) {
                    let items = SampledItems(opened, try SampledRows(study, shots: shots, seed: seed, opened))
                    add(study, opened, sampled, (shots, items), [seed], order)
                } catch {
                    failures.append(("\(opened.folder.name), \(shots) shots, seed \(seed)", error))
                }
            }
        }
    }

    /// Adds the runs of methods on one sample, or of methods without a sample.
    private mutating func add(
        _ study: Study, _ opened: OpenedFolder, _ methods: [any AdapterMethod.Type], _ sample: (Shots, SampledItems)?,
        _ seeds: [UInt64], _ order: BatchOrder?
    ) {
        for method in methods {
            // Without a sample only a training is random.
            let isSeeded = sample != nil || method is any TrainedMethod.Type
            for seed in isSeeded ? seeds : Array(seeds.prefix(1)) {
                do throws(Fault) {
                    runs.append(
                        try Run(
                            study, opened, method: method, shots: sample?.0 ?? .count(0), seed: seed, items: sample?.1,
                            order: order))
                } catch {
                    let words = sample.map { ", \($0.0) shots, seed \(seed)" } ?? ""
                    failures.append(("\(opened.folder.name)/\(method.name)\(words)", error))
                }
            }
        }
    }

    /// Checks that the folders have different names, which name the runs.
    private static func requireDistinctNames(_ folders: [OpenedFolder]) throws(Fault) {
        var paths: [String: String] = [:]
        for folder in folders {
            let name = folder.folder.name
            guard let other = paths.updateValue(folder.folder.path, forKey: name) else { continue }
            throw .configuration(
                option: "features", found: "'\(other)' and '\(folder.folder.path)', which are both called '\(name)'",
                expected: "folders of different names", remedy: "rename one, or give each its own \(option: "output")")
        }
    }
}

extension AdapterMethod {
    /// Whether runs with `seed` differ from runs with other seeds: without a sample, only trainings depend on the seed.
    fileprivate static func has(use seed: UInt64, of shots: Shots, in study: Study) -> Bool {
        shots != .all || self is any TrainedMethod.Type || seed == study.seeds.first
    }
}

extension Study {
    fileprivate var samples: [(Shots, UInt64)] { shots.flatMap { shots in seeds.map { (shots, $0) } } }

    /// The methods for which the folder has the features; a note names the others.
    fileprivate func methodsAble(with opened: OpenedFolder) throws(Fault) -> [any AdapterMethod.Type] {
        guard opened.text == nil else { return methods }
        let unable = methods.filter { $0.needsText }
        let able = methods.filter { !$0.needsText }
        let names = unable.map { $0.name }.joined(separator: ", ")
        if opened.textClassCount > 0 {
            throw .badData(
                opened.folder.path(of: .text),
                found: "text features of \(opened.textClassCount) of the \(opened.classes.count) classes",
                expected: "those of all classes",
                remedy: "train on the classes that have them with \(option: "classes", "text")")
        }
        guard !able.isEmpty else {
            throw Fault(
                .noInput, opened.folder.path(of: .text), found: "no text features", expected: "some for \(names)",
                remedy: "import them with \(option: "text"), or train \(methodsWithoutText.joined(separator: " or "))")
        }
        if !unable.isEmpty {
            events.note(
                "\(opened.folder.path) has no text features: \(names) are left out, the others train without them")
        }
        return able
    }
}

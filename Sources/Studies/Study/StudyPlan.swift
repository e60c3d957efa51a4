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
    /// The first fault of a few-shot sample.
    private var sampleFault: Fault?

    private let study: Study
    private let folders: [OpenedFolder]

    init(_ study: Study) throws(Fault) {
        self.study = study
        try study.checkReplay()
        let order = try study.batchOrder.map { path throws(Fault) in try BatchOrder(path: path) }
        let folders = try study.features.map { path throws(Fault) in try OpenedFolder(path, classes: study.classes) }
        self.folders = folders
        try Self.requireDistinctNames(folders)
        try study.checkSettings()
        targets = try OpenedTargets(study, folders)
        for opened in folders {
            let able = try study.methodsAble(with: opened)
            for method in able where method.fitsTo != .shots {
                // Without a sample only a training is random.
                let seeds = method is any TrainedMethod.Type ? study.seeds : Array(study.seeds.prefix(1))
                for seed in seeds { add(study, opened, method, seed: seed) }
            }
            for (shots, seed) in study.shots.flatMap({ shots in study.seeds.map { (shots, $0) } }) {
                let sampled = able.filter { $0.fitsTo == .shots && $0.has(use: seed, of: shots, in: study) }
                guard !sampled.isEmpty else { continue }
                do throws(Fault) {
                    let items = try SampledItems(study, opened, shots: shots, seed: seed, order: order)
                    for method in sampled { add(study, opened, method, seed: seed, items) }
                } catch {
                    sampleFault = sampleFault ?? error
                    failures.append(("\(opened.folder.name), \(shots) shots, seed \(seed)", error))
                }
            }
        }
    }

    /// The fault of a study without any of its few-shot samples, or without any run.
    ///
    /// The runs of methods without a sample would be no answer to what was asked.
    var fault: Fault? {
        if let sampleFault, !runs.contains(where: { $0.items != nil }) { return sampleFault }
        return runs.isEmpty ? failures.first?.fault : nil
    }

    /// Notes the options without effect, and equal rows of the feature folders.
    func noteInputs() throws(Fault) {
        study.unusedOptions(folders).forEach(study.events.note)
        for opened in folders {
            for sentence in try opened.folder.repeatedRows() { study.events.note(sentence) }
        }
        try noteTextLengths()
    }

    /// Notes texts without lengths that a method reads.
    private func noteTextLengths() throws(Fault) {
        let readers = study.methods.filter { $0.readsTextLengths && study.overlay($0)["text_length"] == nil }
        guard let first = readers.first, let length = try first.mergedSettings([:])["text_length"] else { return }
        let names = readers.map { $0.name }.joined(separator: ", ")
        for opened in folders where opened.text?.isUnit == true {
            let path = opened.folder.path(of: .text)
            study.events.note("\(path) has unit rows, whose length is taken as \(length) (text_length) by \(names)")
        }
    }

    private mutating func add(
        _ study: Study, _ opened: OpenedFolder, _ method: any AdapterMethod.Type, seed: UInt64,
        _ items: SampledItems? = nil
    ) {
        do throws(Fault) { runs.append(try Run(study, opened, method, seed: seed, items)) } catch {
            let sample = items.map { ", \($0.shots) shots, seed \(seed)" } ?? ""
            failures.append(("\(opened.folder.name)/\(method.name)\(sample)", error))
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

internal import Adapter
internal import Core
internal import FeatureStore
internal import Kernels
internal import Splits

/// One method on one few-shot sample.
struct Run: Sendable {
    let study: Study
    let opened: OpenedFolder
    let method: any AdapterMethod.Type
    let shots: Shots
    let seed: UInt64
    let overlay: [String: SettingValue]
    /// Settings to compare on validation, each of which replaces some of the overlay; the first is empty.
    let proposals: [[String: SettingValue]]
    let initial: InitialParameters?
    let items: SampledItems?

    /// Creates a run; `items` are those of the sample, for methods that train on one.
    init(
        _ study: Study, _ opened: OpenedFolder, _ method: any AdapterMethod.Type, seed: UInt64, _ items: SampledItems?
    ) throws(Fault) {
        self.study = study
        self.opened = opened
        self.method = method
        self.seed = seed
        self.items = items
        shots = items?.shots ?? .count(0)
        let published = method.published(for: try opened.dataset(), shots: shots.number)
        overlay = published.merging(study.overlay(method)) { $1 }
        let isTuned = study.tunes && study.selection == .val
        proposals = [[:]] + (isTuned ? try method.proposals(overlay, shots: shots.number) : [])
        initial = method is any TrainedMethod.Type ? try study.initialParameters.map(InitialParameters.init) : nil
        if method.fitsTo != .nothing {
            _ = try opened.require(.train, remedy: "import a train subset, or run zero-shot, which needs none")
        }
        // A missing val subset is reported before anything is trained.
        let isValidated = searchKind != nil || (study.selection == .val && method.choosesEpoch)
        if isValidated, items?.rows.isValFromTrain != true {
            _ = try opened.require(.val, remedy: withoutValidation)
        }
    }

    /// A given order of the items that the method trains on.
    var order: BatchOrder? { method.readsBatchOrder ? items?.order : nil }

    /// The remedy for a run without validation items.
    var withoutValidation: Remedy {
        let fixed: Remedy = "train with \(option: "protocol", "fixed")"
        // With all items in the sample, none is left.
        if study.takesValFromTrain { return "choose numbers of \(option: "shots"), or " + fixed }
        return "validate on other train items with \(option: "val_from_train"), import a val subset, or " + fixed
    }

    /// The run's folder relative to the output folder, such as `whurs19-rn50/cluster-adapter.16shot.s1.val`.
    var name: String {
        var sample = ""
        switch method.fitsTo {
        case .shots: sample = ".\(shots == .all ? "all" : "\(shots)shot").s\(seed)"
        case .unlabelled: sample = ".s\(seed)"
        case .nothing: break
        }
        let classes = opened.selection.map { ".\($0.replacing(" ", with: "-"))" } ?? ""
        return "\(opened.folder.name)/\(method.name)\(sample).\(study.selection.rawValue)\(classes)"
    }

    var folder: RunFolder { RunFolder("\(study.output)/\(name)") }

    /// The inputs and settings that decide the run's files.
    func identity() throws(Fault) -> Provenance {
        var settings = try method.mergedSettings(overlay).mapValues { $0.description }
        settings = Dictionary(uniqueKeysWithValues: settings.map { ("settings.\($0.key)", $0.value) })
        settings["method"] = method.name
        settings["protocol"] = study.selection.rawValue
        settings["search"] = searchKind?.rawValue ?? "none"
        if proposals.count > 1 { settings["proposals"] = "\(proposals.count - 1) of ours" }
        if let initial { settings["initial"] = initial.digest.description }
        if method.fitsTo == .shots {
            settings["shots"] = shots.description
            settings["scheme"] = study.scheme.rawValue
            settings["validation"] = validationSource
        }
        if method.fitsTo != .nothing {
            settings["seed"] = "\(seed)"
            settings["batch_order"] = order?.digest.description ?? "seeded"
        }
        if opened.chosen != nil {
            settings["classes"] = Digest(of: JSONDocument.line(opened.classes)).description
        }
        return Provenance(tool: "fewshot-train", inputs: opened.inputs, settings: settings)
    }

    private var validationSource: String {
        guard let rows = items?.rows, rows.val != nil else { return "whole" }
        guard rows.isValFromTrain else { return "few-shot" }
        return study.validation == .full ? "other train items" : "few-shot from train"
    }

    /// The search for α, β and the like; nil if they keep their values.
    var searchKind: SearchKind? {
        guard study.isSearched(method) else { return nil }
        return study.usesGrid || study.selection == .paper ? .grid : .exact
    }

    /// An existing run.
    enum Existing {
        /// None that is to be kept.
        case absent
        case finished(RunRecord)
        /// A run with other features or settings.
        case outdated(OutdatedRuns)
    }

    /// The existing run; absent if the study replaces it.
    ///
    /// - Throws: `badData` for a damaged one.
    func existing() throws(Fault) -> Existing {
        guard let record = try finishedRecord() else { return .absent }
        let differences = record.identity.differences(from: try identity())
        guard differences.isEmpty else {
            let outdated = OutdatedRuns(name, folder: opened.folder.name, differences: differences)
            return study.replaces ? .absent : .outdated(outdated)
        }
        do throws(Fault) { try folder.verify(record) } catch {
            guard study.replaces else { throw error }
            return .absent
        }
        return .finished(record)
    }

    /// The record of a finished run; nil for a damaged one if the study replaces it.
    private func finishedRecord() throws(Fault) -> RunRecord? {
        do throws(Fault) { return try folder.record() } catch {
            guard study.replaces, error.status == .badData else { throw error }
            return nil
        }
    }

    /// Trains the run and writes its files.
    func train() throws(Fault) -> RunRecord {
        let identity = try identity()
        let notes = items?.rows.notes ?? []
        for note in notes { study.events.note("\(name): \(note)") }
        let fitted = try fit(identity)
        let record = RunRecord(
            identity: identity, features: try (opened.train ?? opened.test)?.provenance(),
            result: try resultLine(fitted, identity), scores: fitted.scores,
            views: viewsNote(fitted), arithmetic: Arithmetic.current.matrixProduct,
            notes: notes + fitted.searchEnds.map { "\(method.name): \($0.phrase)" },
            search_ends: fitted.searchEnds.isEmpty ? nil : fitted.searchEnds)
        try folder.publish(fitted, record, classes: opened.classes)
        return record
    }

    private func resultLine(_ fitted: FittedRun, _ identity: Provenance) throws(Fault) -> ResultLine {
        ResultLine(
            method: method.name, dataset: try opened.dataset(), model: opened.folder.model, shots: shots, seed: seed,
            protocol: study.selection,
            val_accuracy: fitted.validationAccuracy, test_accuracy: fitted.scores?.accuracy,
            test_top5: fitted.scores?.top5, test_mean_per_class: fitted.scores?.mean_per_class,
            alpha: fitted.classifier[CacheTerm.self]?.alpha, beta: fitted.classifier[CacheTerm.self]?.beta,
            chosen: fitted.chosen.isEmpty ? nil : fitted.chosen, classes: opened.selection, epoch: fitted.epoch,
            run: name, identity: Digest(of: JSONDocument.line(identity)),
            note: study.selection == .paper ? "selected on test" : nil)
    }

    /// `10 of 20 epochs` if fewer views than epochs are stored.
    private func viewsNote(_ fitted: FittedRun) -> String? {
        guard let epochs = fitted.epochs, let train = opened.train else { return nil }
        let views = max(1, train.viewCount - 1)
        return views < epochs ? "\(views) of \(epochs) epochs" : nil
    }
}

extension AdapterMethod {
    fileprivate static func proposals(
        _ overlay: [String: SettingValue], shots: Int?
    ) throws(Fault) -> [[String: SettingValue]] {
        proposals(for: try Settings(overlaying: overlay, method: name), shots: shots)
    }
}

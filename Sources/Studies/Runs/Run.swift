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
    /// The items of the sample that the run chooses on or watches; nil if there are none.
    let validationItems: ValidationItems?

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
        let given = study.overlay(method)
        let isPaper = study.selection == .paper
        overlay = (isPaper ? method.publishedDefaults : [:])
            .merging(method.published(for: try opened.dataset(), shots: shots.number)) { $1 }.merging(given) { $1 }
        if isPaper {
            proposals = method.publishedGrid(items, opened, without: given)
        } else {
            let isTuned = study.tunes && study.selection == .val
            proposals = [[:]] + (isTuned ? try method.proposals(overlay, shots: shots.number) : [])
        }
        initial = method is any TrainedMethod.Type ? try study.initialParameters.map(InitialParameters.init) : nil
        if method.fitsTo != .nothing {
            _ = try opened.require(.train, remedy: "import a train subset, or run zero-shot, which needs none")
        }
        let chooses = Self.chooses(method, study)
        validationItems =
            isPaper
            ? ValidationItems(published: method.publishedValidation, chooses: chooses, study, opened, shots: shots)
            : ValidationItems(study, opened, shots: shots)
        // A missing val subset is reported before anything is trained.
        if chooses, validationItems == nil { _ = try opened.require(.val, remedy: withoutValidation) }
        if let items, let validationItems { try items.sample(validationItems) }
    }

    /// Whether a run chooses an epoch or a setting on validation items.
    private static func chooses(_ method: any AdapterMethod.Type, _ study: Study) -> Bool {
        if searchKind(method, study) != nil { return true }
        switch study.selection {
        case .val: return method.choosesEpoch
        case .fixed: return false
        case .paper:
            guard case .bestValidationEpoch = method.publishedEpoch else { return false }
            return true
        }
    }

    /// A given order of the items that the method trains on.
    var order: BatchOrder? { method.readsBatchOrder ? items?.order : nil }

    /// The remedy for a run without validation items.
    var withoutValidation: Remedy {
        let fixed: Remedy = "train with \(option: "protocol", "fixed")"
        // With all items in the sample, none is left.
        if study.takesValFromTrain { return "choose numbers of \(option: "shots"), or " + fixed }
        return "validate on other train items with \(option: "val_from_train"), import a val subset, " + fixed
            + ", or compare with published numbers with \(option: "protocol", "paper")"
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
        if proposals.count > 1 {
            settings["proposals"] =
                study.selection == .paper ? "\(proposals.count) published" : "\(proposals.count - 1) of ours"
        }
        if let initial { settings["initial"] = initial.digest.description }
        if method.fitsTo == .shots {
            settings["shots"] = shots.description
            settings["scheme"] = study.scheme.rawValue
            settings["validation"] = validationItems?.description ?? "whole"
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

    /// The search for α, β and the like; nil if they keep their values.
    var searchKind: SearchKind? { Self.searchKind(method, study) }

    private static func searchKind(_ method: any AdapterMethod.Type, _ study: Study) -> SearchKind? {
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
        var notes = items?.rows.notes ?? []
        for note in notes { study.events.note("\(name): \(note)") }
        if let note = try textLengthNote() { notes.append(note) }
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
            note: fitted.isSelectedOnTest ? "selected on test" : nil)
    }

    /// A sentence on the length of the texts, if the method reads it and the feature file does not have it.
    private func textLengthNote() throws(Fault) -> String? {
        guard method.readsTextLengths, opened.text?.isUnit == true,
            let length = try method.mergedSettings(overlay)["text_length"]
        else { return nil }
        return "the texts are unit rows, whose length is taken as \(length) (text_length)"
    }

    /// `10 of 20 epochs` if fewer views than epochs are stored.
    private func viewsNote(_ fitted: FittedRun) -> String? {
        guard let epochs = fitted.epochs, let train = opened.train else { return nil }
        let views = max(1, train.viewCount - 1)
        return views < epochs ? "\(views) of \(epochs) epochs" : nil
    }
}

extension AdapterMethod {
    /// The published grid along the settings that are not given.
    fileprivate static func publishedGrid(
        _ items: SampledItems?, _ opened: OpenedFolder, without given: [String: SettingValue]
    ) -> [[String: SettingValue]] {
        let images = items?.rows.train?.count ?? opened.train?.count ?? 0
        let prompts = opened.text.map { $0.promptCount * $0.classCount } ?? 0
        var points: [[String: SettingValue]] = []
        for point in publishedGrid(images: images, prompts: prompts) {
            let rest = point.filter { given[$0.key] == nil }
            if !points.contains(rest) { points.append(rest) }
        }
        return points
    }

    fileprivate static func proposals(
        _ overlay: [String: SettingValue], shots: Int?
    ) throws(Fault) -> [[String: SettingValue]] {
        proposals(for: try Settings(overlaying: overlay, method: name), shots: shots)
    }
}

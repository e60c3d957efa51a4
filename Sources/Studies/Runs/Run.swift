internal import Adapter
internal import Core
internal import Datasets
internal import FeatureStore
internal import Kernels

/// One method on one draw.
struct Run: Sendable {
    let study: Study
    let opened: OpenedFolder
    let method: any AdapterMethod.Type
    let shots: Shots
    let seed: UInt64
    let overlay: [String: SettingValue]
    /// What is tried on validation, each laid over the overlay; the overlay itself is the first.
    let proposals: [[String: SettingValue]]
    let initial: InitialParameters?
    let items: DrawnItems?
    let order: BatchOrder?

    /// `items` are those of the draw, for methods that have use for one.
    init(
        _ study: Study, _ opened: OpenedFolder, method: any AdapterMethod.Type, shots: Shots, seed: UInt64,
        items: DrawnItems?, order: BatchOrder?
    ) throws(Fault) {
        (self.study, self.opened, self.method, self.shots, self.seed) = (study, opened, method, shots, seed)
        var count: Int?
        if case .count(let number) = shots { count = number }
        let published = method.published(for: try opened.dataset(), shots: count)
        overlay = published.merging(study.overlay(method)) { $1 }
        proposals = [[:]] + (study.tunes && study.selection == .val ? try method.proposals(overlay, shots: count) : [])
        initial = method is any TrainedMethod.Type ? try study.initialParameters.map(InitialParameters.init) : nil
        self.items = items
        // An order is of the items of a draw.
        self.order = method is any TrainedMethod.Type && method.fitsTo == .shots ? order : nil
        if method.fitsTo != .nothing {
            _ = try opened.require(
                opened.train, .train, remedy: "import a train part, or run zero-shot, which needs none")
        }
        // What would be chosen on is asked for before anything is trained.
        if searchKind != nil || (study.selection == .val && method.choosesEpoch) {
            _ = try opened.require(opened.val, .val, remedy: Self.withoutValidation)
        }
    }

    /// The way out for a study that has nothing to choose on.
    static let withoutValidation: Remedy = "import a val part, or train with --protocol fixed"

    /// The run's folder inside the output folder, such as `whurs19-rn50/cluster-adapter.16shot.s1.val`.
    var name: String {
        var draw = ""
        switch method.fitsTo {
        case .shots: draw = ".\(shots == .all ? "all" : "\(shots)shot").s\(seed)"
        case .unlabelled: draw = ".s\(seed)"
        case .nothing: break
        }
        let classes = opened.selection.map { ".\($0.replacing(" ", with: "-"))" } ?? ""
        return "\(opened.folder.name)/\(method.name)\(draw).\(study.selection.rawValue)\(classes)"
    }

    var folder: RunFolder { RunFolder("\(study.output)/\(name)") }

    /// What decides the run's files.
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
            settings["validation"] = items?.draw.val == nil ? "whole" : "few-shot"
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

    /// The search for α and β; nil where they keep their values.
    var searchKind: SearchKind? {
        guard method.isSearched, study.searches, study.selection != .fixed || study.usesGrid else { return nil }
        return study.usesGrid || study.selection == .paper ? .grid : .exact
    }

    /// Gives the result that is there, or makes it.
    func complete() throws(Fault) -> (ResultLine, reused: Bool) {
        if let line = try finished() { return (line, true) }
        return try trainAfresh(identity())
    }

    /// The result that is there; nil where none is, or where a study that replaces would not keep it.
    ///
    /// - Throws: `cannotCreate` for a run that was made otherwise, `badData` for one that is damaged.
    func finished() throws(Fault) -> ResultLine? {
        guard let record = try finishedRecord() else { return nil }
        guard let difference = try identity().firstDifference(from: record.identity) else {
            do throws(Fault) { try folder.verify(record) } catch {
                guard study.replaces else { throw error }
                return nil
            }
            return record.result
        }
        guard study.replaces else {
            throw Fault(
                .cannotCreate, folder.path,
                found: "a run whose \(difference.field) is \(difference.expected)", expected: difference.found,
                remedy: "choose another output with -o, or give --replace")
        }
        return nil
    }

    /// The record of a finished run; a damaged one is as good as none where it is to be replaced.
    private func finishedRecord() throws(Fault) -> RunRecord? {
        do throws(Fault) { return try folder.record() } catch {
            guard study.replaces, error.status == .badData else { throw error }
            return nil
        }
    }

    private func trainAfresh(_ identity: Provenance) throws(Fault) -> (ResultLine, reused: Bool) {
        let notes = items?.draw.notes ?? []
        for note in notes { study.events.note("\(name): \(note)") }
        let fitted = try fit(identity)
        let record = RunRecord(
            identity: identity, features: try (opened.train ?? opened.test)?.provenance(),
            result: try resultLine(fitted, identity), scores: fitted.scores,
            views: viewsNote(fitted), arithmetic: Arithmetic.current.matrixProduct, notes: notes)
        try folder.publish(fitted, record, classes: opened.classes)
        return (record.result, false)
    }

    private func resultLine(_ fitted: FittedRun, _ identity: Provenance) throws(Fault) -> ResultLine {
        ResultLine(
            method: method.name, dataset: try opened.dataset(),
            model: opened.folder.model, shots: shots, seed: seed, protocol: study.selection,
            val_accuracy: fitted.validationAccuracy, test_accuracy: fitted.scores?.accuracy,
            test_top5: fitted.scores?.top5, test_mean_per_class: fitted.scores?.mean_per_class,
            alpha: fitted.classifier.cache?.alpha, beta: fitted.classifier.cache?.beta,
            chosen: fitted.chosen.isEmpty ? nil : fitted.chosen, classes: opened.selection, epoch: fitted.epoch,
            run: name,
            identity: Digest(of: JSONDocument.line(identity)),
            note: study.selection == .paper ? "selected on test" : nil)
    }

    /// `10 of 20 epochs` where fewer views than epochs are stored.
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

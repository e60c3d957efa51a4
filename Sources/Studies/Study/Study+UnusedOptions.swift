internal import Adapter
internal import Core
internal import FeatureStore

extension Study {
    /// Whether α, β and the like of `method` are searched.
    func isSearched(_ method: any AdapterMethod.Type) -> Bool {
        method.isSearched && searches && (selection != .fixed || usesGrid)
    }

    /// Checks that every method reads the given order of batches and the given parameters.
    ///
    /// - Throws: `configuration` naming the methods that would ignore them, and those that read them.
    func checkReplay() throws(Fault) {
        if batchOrder != nil { try requireReaders(of: "batch_order", "order of batches") { $0.readsBatchOrder } }
        if initialParameters != nil { try requireReaders(of: "initial", "parameters") { $0 is any TrainedMethod.Type } }
    }

    private func requireReaders(
        of option: OptionName, _ what: String, _ reads: (any AdapterMethod.Type) -> Bool
    ) throws(Fault) {
        let others = methods.filter { !reads($0) }
        guard !others.isEmpty else { return }
        throw .configuration(
            option: option, found: "\(others.list), which read no given \(what)",
            expected: "some of \(Adapter.methods.filter(reads).list)",
            remedy: "choose them with \(option: "method"), or leave \(option) out")
    }

    /// Sentences about given options that have no effect on the study.
    func unusedOptions(_ folders: [OpenedFolder]) -> [String] {
        unusedSelection + unusedSampling(folders) + unusedSettings
    }

    /// Options of the choice of settings that no method reads.
    private var unusedSelection: [String] {
        var sentences: [String] = []
        if !methods.contains(where: { $0.isSearched }) {
            let given = [("grid", usesGrid), ("no_search", !searches)].filter(\.1)
            sentences += given.map { "\(OptionName($0.0)) has no effect on \(methods.list): nothing is searched" }
        } else if usesGrid, !searches {
            sentences.append("\(OptionName("grid")) has no effect beside \(OptionName("no_search"))")
        }
        guard tunes else { return sentences }
        let tuned = Adapter.methods.filter { $0.hasProposals }
        if selection != .val {
            sentences.append("\(OptionName("tune")) has no effect: only the protocol val compares settings")
        } else if !methods.contains(where: { $0.hasProposals }) {
            sentences.append("\(OptionName("tune")) has no effect: only \(tuned.list) propose settings")
        }
        return sentences
    }

    /// Options of the few-shot samples that no method, or no feature folder, uses.
    private func unusedSampling(_ folders: [OpenedFolder]) -> [String] {
        var sentences: [String] = []
        if !methods.contains(where: { $0.fitsTo == .shots }) {
            let usual = Study()
            let given = [("shots", shots != usual.shots), ("scheme", scheme != usual.scheme)].filter(\.1)
            sentences += given.map {
                "\(OptionName($0.0)) has no effect on \(methods.list): no few-shot sample is used"
            }
        }
        if takesValFromTrain {
            for opened in folders where opened.val != nil {
                let name = opened.folder.path
                sentences.append("\(OptionName("val_from_train")) has no effect on \(name), which has a val subset")
            }
        }
        return sentences
    }

    /// Settings that a search replaces, and settings of a search that does not take place.
    private var unusedSettings: [String] {
        var sentences: [String] = []
        for name in Set(methods.flatMap { overlay($0).keys }).sorted() {
            let given = methods.filter { overlay($0)[name] != nil }
            // A training reads α and β before they are searched.
            let replaced = given.filter {
                isSearched($0) && $0.searchedSettings.contains(name) && !($0 is any TrainedMethod.Type)
            }
            if !replaced.isEmpty {
                sentences.append(
                    "\(name) has no effect on \(replaced.list): a search chooses it; "
                        + "\(OptionName("no_search")) keeps the given value")
            }
            if name.hasPrefix("search_"), !given.contains(where: isSearched) {
                sentences.append("\(name) has no effect: nothing is searched")
            }
        }
        return sentences
    }
}

extension AdapterMethod {
    /// Whether the training goes through the items of the few-shot sample in a given order.
    static var readsBatchOrder: Bool { self is any TrainedMethod.Type && fitsTo == .shots }

    /// Whether the method proposes settings to compare.
    fileprivate static var hasProposals: Bool { !proposals(for: Settings(), shots: nil).isEmpty }
}

extension [any AdapterMethod.Type] {
    /// The names, separated by commas.
    fileprivate var list: String { map { $0.name }.joined(separator: ", ") }
}

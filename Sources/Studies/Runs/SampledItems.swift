internal import Adapter
internal import Core
internal import Kernels
internal import Synchronization

/// The items of one few-shot sample as methods take them, read once for all runs that train on it.
///
/// The first run that asks forms the keys, the unit features of validation, and their products with texts and keys.
/// Only unfinished runs own the object, so its memory is freed with the last of them.
final class SampledItems: Sendable {
    let opened: OpenedFolder
    let rows: SampledRows
    private let state: Mutex<State>

    private struct State {
        var support: Support?
        var validation: Validation?
    }

    init(_ opened: OpenedFolder, _ rows: SampledRows) {
        self.opened = opened
        self.rows = rows
        state = Mutex(State())
    }

    /// The training items.
    func support() throws(Fault) -> Support {
        if let support = state.withLock({ $0.support }) { return support }
        let train = try opened.require(opened.train, .train, remedy: "import a train subset")
        let made = try Support(train, rows: rows.train, classCount: opened.classes.count)
        return state.withLock { state in
            if let support = state.support { return support }
            state.support = made
            return made
        }
    }

    /// The validation items; nil if the folder has no val subset.
    func validation() throws(Fault) -> Validation? {
        guard let val = opened.val else { return nil }
        if let validation = state.withLock({ $0.validation }) { return validation }
        let products = SharedProducts()
        if let text = opened.text { products.share(text.classifier) }
        if opened.train != nil { products.share(try support().keys()) }
        let made = try Validation(val, rows: rows.val, sharing: products)
        return state.withLock { state in
            if let validation = state.validation { return validation }
            state.validation = made
            return made
        }
    }
}

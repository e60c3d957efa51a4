internal import Adapter
internal import Core
internal import Kernels
internal import Synchronization

/// The items of one few-shot sample as methods take them, made once for all that train on it.
///
/// Keys, unit features of validation and their products with texts and keys are formed by the first method that asks,
/// and let go when the last one has ended.
final class SampledItems: Sendable {
    let opened: OpenedFolder
    let rows: SampledRows
    private let state: Mutex<State>

    private struct State {
        var support: Support?
        var validation: Validation?
        var runsLeft = 0
    }

    init(_ opened: OpenedFolder, _ rows: SampledRows) {
        self.opened = opened
        self.rows = rows
        state = Mutex(State())
    }

    func support() throws(Fault) -> Support {
        if let support = state.withLock({ $0.support }) { return support }
        let train = try opened.require(opened.train, .train, remedy: "import a train part")
        let made = try Support(train, rows: rows.train, classCount: opened.classes.count)
        return state.withLock { state in
            if let support = state.support { return support }
            state.support = made
            return made
        }
    }

    /// nil where the folder has no val part.
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

    func runAdded() { state.withLock { $0.runsLeft += 1 } }

    func runEnded() {
        state.withLock { state in
            state.runsLeft -= 1
            if state.runsLeft == 0 { (state.support, state.validation) = (nil, nil) }
        }
    }
}

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
    let shots: Shots
    let rows: SampledRows
    /// A given order of the training items, as positions in the sample.
    let order: BatchOrder?
    private let madeSupport = Mutex<Support?>(nil)
    private let madeValidation = Mutex<Validation?>(nil)

    init(
        _ study: Study, _ opened: OpenedFolder, shots: Shots, seed: UInt64, order: BatchOrder?
    ) throws(Fault) {
        self.opened = opened
        self.shots = shots
        self.order = order
        rows = try SampledRows(study, shots: shots, seed: seed, opened)
    }

    func support() throws(Fault) -> Support {
        try madeSupport.made { () throws(Fault) in
            let train = try opened.require(.train, remedy: "import a train subset")
            return try Support(train, rows: rows.train, classCount: opened.classes.count)
        }
    }

    /// The validation items; nil if there are none.
    func validation() throws(Fault) -> Validation? {
        guard rows.isValFromTrain || opened.val != nil else { return nil }
        return try madeValidation.made { () throws(Fault) in
            let products = SharedProducts()
            if let text = opened.text { products.share(text.classifier) }
            if opened.train != nil { products.share(try support().keys()) }
            if let train = opened.train, let val = rows.val, rows.isValFromTrain {
                return try Validation(heldOutFrom: train, rows: val, sharing: products)
            }
            return try Validation(opened.require(.val, remedy: ""), rows: rows.val, sharing: products)
        }
    }
}

extension Mutex {
    /// Returns the value, which `make` forms outside of the lock if there is none; the first of several stays.
    fileprivate borrowing func made<Made: Sendable>(
        _ make: () throws(Fault) -> Made
    ) throws(Fault) -> Made where Value == Made? {
        if let value = withLock({ $0 }) { return value }
        let made = try make()
        return withLock { value in
            let first = value ?? made
            value = first
            return first
        }
    }
}

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
    private let madeRows = Mutex<[ValidationItems: [Int]?]>([:])
    private let madeValidations = Mutex<[ValidationItems: Validation]>([:])

    init(
        _ study: Study, _ opened: OpenedFolder, shots: Shots, seed: UInt64, order: BatchOrder?
    ) throws(Fault) {
        self.opened = opened
        self.shots = shots
        self.order = order
        rows = try SampledRows(study, shots: shots, seed: seed, opened)
        // Under these protocols all methods have the same items, whose lack is reported once.
        if study.selection != .paper, let items = ValidationItems(study, opened, shots: shots) {
            try sample(items)
        }
    }

    func support() throws(Fault) -> Support {
        try madeSupport.made { () throws(Fault) in
            let train = try opened.require(.train, remedy: "import a train subset")
            return try Support(train, rows: rows.train, classCount: opened.classes.count)
        }
    }

    /// Chooses the rows of validation items, before anything is trained.
    ///
    /// - Throws: `badData` if items are not stored, or if none are left.
    @discardableResult func sample(_ items: ValidationItems) throws(Fault) -> [Int]? {
        try madeRows.made(items) { () throws(Fault) in try rows.validation(items) }
    }

    /// The validation items with their features.
    func validation(_ items: ValidationItems) throws(Fault) -> Validation {
        try madeValidations.made(items) { () throws(Fault) in
            let products = SharedProducts()
            if let text = opened.text { products.share(text.classifier) }
            products.share(try support().keys())
            let rows = try sample(items)
            let source = try opened.require(items.source, remedy: "import a \(items.source.rawValue) subset")
            switch items.source {
            case .val: return try Validation(source, rows: rows, sharing: products)
            case .train: return try Validation(heldOutFrom: source, rows: rows ?? [], sharing: products)
            case .test:
                let test = try TestSet(source, sharing: products)
                return Validation(SelectionOnTest(forComparisonWithPublishedTables: test, rows: rows))
            }
        }
    }
}

extension Mutex {
    /// Returns the value of `key`, which `make` forms outside of the lock if there is none; the first of several stays.
    fileprivate borrowing func made<Key: Hashable & Sendable, Made: Sendable>(
        _ key: Key, _ make: () throws(Fault) -> Made
    ) throws(Fault) -> Made where Value == [Key: Made] {
        if let value = withLock({ $0[key] }) { return value }
        let made = try make()
        return withLock { values in
            let first = values[key] ?? made
            values[key] = first
            return first
        }
    }

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

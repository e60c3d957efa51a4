internal import Catalog
internal import Core
internal import Splits

/// A conversion of a data set's own annotations or folders into a split, as in CoOp's code.
protocol RawRule: Sendable {
    /// Whether the subsets depend on the seed.
    var isRandom: Bool { get }

    /// The files and folders required below the folder of `entry`.
    func needs(_ entry: DatasetEntry) -> [String]

    /// The folder below that of `entry` to list; nil if the annotations name all items.
    func listedFolder(_ entry: DatasetEntry) -> String?

    /// Makes the split from `data`.
    func split(_ entry: DatasetEntry, _ data: inout RawData, seed: Int) throws(Fault) -> RawSplit
}

extension RawRule {
    var isRandom: Bool { true }

    func listedFolder(_ entry: DatasetEntry) -> String? { nil }
}

extension DatasetEntry {
    /// The rule that makes a split of the data set's own annotations.
    var rule: any RawRule {
        switch annotations {
        case .folders(let ignored, let names): FolderRule(ignored: ignored, names: names)
        case .aircraft: AircraftRule()
        case .cars: CarsRule()
        case .flowers: FlowersRule()
        case .imagenet: ImageNetRule()
        case .imagenetShift: ImageNetShiftRule(isNumbered: false)
        case .imagenetV2: ImageNetShiftRule(isNumbered: true)
        case .pets: PetsRule()
        case .sun: SUNRule()
        case .ucf: UCFRule()
        }
    }
}

/// The classes and items of a split made by a rule.
struct RawSplit {
    var classes: [String]
    var train = ItemList()
    var val = ItemList()
    var test = ItemList()
    var origin: ClassOrigin?
}

/// The two random divisions of CoOp's code, from which its published splits are.
extension RawSplit {
    /// Shuffles the items of one class and adds half of them to train, a fifth to val and the rest to test; false if
    /// there are too few for three subsets.
    mutating func divide(
        _ paths: consuming [String], label: Int, prefix: String = "", using random: inout PythonRandom
    ) -> Bool {
        random.shuffle(&paths)
        let train = pythonRound(paths.count, times: 0.5)
        let val = pythonRound(paths.count, times: 0.2)
        guard train > 0, val > 0, train + val < paths.count else { return false }
        for path in paths[..<train] { self.train.append(prefix + path, label: label) }
        for path in paths[train ..< train + val] { self.val.append(prefix + path, label: label) }
        for path in paths[(train + val)...] { test.append(prefix + path, label: label) }
        return true
    }

    /// Moves a fifth of each class from ``train`` to ``val``, class by class in order of first appearance.
    ///
    /// - Throws: `badData` naming `path` and a class with too few items.
    mutating func divideTrain(seed: Int, path: String) throws(Fault) {
        var random = PythonRandom(seed: seed)
        var kept: [Int] = []
        var moved: [Int] = []
        for var rows in rowsByFirstAppearance(train.labels) {
            let count = pythonRound(rows.count, times: 0.2)
            guard count > 0 else {
                let name = classes[Int(train.labels[rows[0]])]
                throw .badData(
                    path, found: "\(rows.count) items of the class '\(name)'",
                    expected: "at least 3, because a fifth becomes the val subset", remedy: "download the file again")
            }
            random.shuffle(&rows)
            moved += rows.prefix(count)
            kept += rows.dropFirst(count)
        }
        val = train.selecting(moved)
        train = train.selecting(kept)
    }
}

/// The rows of equal labels, in order of first appearance of the labels.
func rowsByFirstAppearance(_ labels: [some Hashable]) -> [[Int]] {
    Dictionary(grouping: labels.indices) { labels[$0] }.values.sorted { $0[0] < $1[0] }
}

/// Python's `round(count * factor)`: the product in double precision, rounded half to even.
func pythonRound(_ count: Int, times factor: Double) -> Int {
    Int((Double(count) * factor).rounded(.toNearestOrEven))
}

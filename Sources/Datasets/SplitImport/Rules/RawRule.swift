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
        case .imagenetShift: ImageNetShiftRule()
        case .imagenetV2: ImageNetV2Rule()
        case .pets: PetsRule()
        case .sun: SUNRule()
        case .ucf: UCFRule()
        }
    }
}

internal import Catalog
internal import Core
internal import Splits

/// How a data set's own annotations or folders become a split, as CoOp's code does it.
protocol RawRule: Sendable {
    /// Whether a shuffle decides on parts, so that the seed counts.
    var isRandom: Bool { get }

    /// What must lie below the folder of `entry`, the first that is missing being named.
    func needs(_ entry: DatasetEntry) -> [String]

    /// The folder below that of `entry` whose listing is needed; nil where files name all items.
    func listedFolder(_ entry: DatasetEntry) -> String?

    /// Makes the parts of what `data` holds.
    func parts(_ entry: DatasetEntry, _ data: inout RawData, seed: Int) throws(Fault) -> RawParts
}

extension RawRule {
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

/// The items that a rule has put together.
struct RawParts {
    var classes: [String]
    var train = ItemList()
    var val = ItemList()
    var test = ItemList()
    var origin: ClassOrigin?
}

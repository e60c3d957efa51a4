internal import Catalog
internal import Core
internal import Splits

/// StanfordCars: MATLAB files that name every picture's class, a fifth of the training pictures becoming the val part.
///
/// Source: `StanfordCars.read_data` and `OxfordPets.split_trainval`.
struct CarsRule: RawRule {
    private static let train = "devkit/cars_train_annos.mat"
    private static let test = "cars_test_annos_withlabels.mat"
    private static let meta = "devkit/cars_meta.mat"

    var isRandom: Bool { true }

    func needs(_ entry: DatasetEntry) -> [String] { [Self.train, Self.test, Self.meta] }

    func parts(_ entry: DatasetEntry, _ data: inout RawData, seed: Int) throws(Fault) -> RawParts {
        let names = try data.mat(Self.meta) { file throws(Fault) in try file.cells("class_names") }
        var parts = RawParts(classes: names.map(Self.yearFirst))
        parts.train = try items(Self.train, in: "cars_train", names.count, &data)
        parts.test = try items(Self.test, in: "cars_test", names.count, &data)
        try parts.cutVal(seed: seed, path: data.path(Self.train))
        return parts
    }

    private func items(
        _ name: String, in folder: String, _ classCount: Int, _ data: inout RawData
    ) throws(Fault) -> ItemList {
        let rows = try data.mat(name) { file throws(Fault) in
            try file.structs("annotations", text: "fname", number: "class")
        }
        var items = ItemList()
        for (row, item) in rows.enumerated() {
            guard (1 ... classCount).contains(item.number) else {
                throw .badData(
                    data.path(name), found: "the class \(item.number) in annotation \(row + 1)",
                    expected: "1 to \(classCount), as cars_meta.mat has names",
                    remedy: "get the files of one release")
            }
            items.append("\(folder)/\(item.text)", label: item.number - 1)
        }
        return items
    }

    /// The last word moved to the front.
    private static func yearFirst(_ name: String) -> String {
        var words = name.split(separator: " ", omittingEmptySubsequences: false)
        guard let year = words.popLast() else { return name }
        return ([year] + words).joined(separator: " ")
    }
}

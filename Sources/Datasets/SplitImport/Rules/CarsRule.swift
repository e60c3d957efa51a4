internal import Catalog
internal import Core
internal import Splits

/// StanfordCars: MATLAB files with the class of every image; a fifth of the training images become the val subset.
///
/// Source: `StanfordCars.read_data` and `OxfordPets.split_trainval`.
struct CarsRule: RawRule {
    private static let train = "devkit/cars_train_annos.mat"
    private static let test = "cars_test_annos_withlabels.mat"
    private static let meta = "devkit/cars_meta.mat"

    func needs(_ entry: DatasetEntry) -> [String] { [Self.train, Self.test, Self.meta] }

    func split(_ entry: DatasetEntry, _ data: inout RawData, seed: Int) throws(Fault) -> RawSplit {
        let names = try data.mat(Self.meta) { file throws(Fault) in try file.cells("class_names") }
        var split = RawSplit(classes: names.map(Self.yearFirst))
        split.train = try items(Self.train, in: "cars_train", names.count, &data)
        split.test = try items(Self.test, in: "cars_test", names.count, &data)
        try split.divideTrain(seed: seed, path: data.path(Self.train))
        return split
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
                    expected: "1 to \(classCount), the number of names in cars_meta.mat",
                    remedy: "download both files again, from the same release")
            }
            items.append("\(folder)/\(item.text)", label: item.number - 1)
        }
        return items
    }

    /// Moves the last word, the year, to the front.
    private static func yearFirst(_ name: String) -> String {
        var words = name.split(separator: " ", omittingEmptySubsequences: false)
        guard let year = words.popLast() else { return name }
        return ([year] + words).joined(separator: " ")
    }
}

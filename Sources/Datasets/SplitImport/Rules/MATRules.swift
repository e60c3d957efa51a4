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
            items.append(folder.appending(path: item.text), label: item.number - 1)
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

/// Flowers102: one label per numbered image; each class is divided 50/20/30.
///
/// Source: `OxfordFlowers.read_data`. Classes are divided in the order of their first images.
struct FlowersRule: RawRule {
    private static let labels = "imagelabels.mat"
    private static let names = "cat_to_name.json"

    func needs(_ entry: DatasetEntry) -> [String] { [Self.labels, Self.names] }

    func split(_ entry: DatasetEntry, _ data: inout RawData, seed: Int) throws(Fault) -> RawSplit {
        let names = try names(&data)
        let labels = try data.mat(Self.labels) { file throws(Fault) in try file.rowVector("labels") }
        for (index, label) in labels.enumerated() where !names.indices.contains(label &- 1) {
            throw .badData(
                data.path(Self.labels), found: "the label \(label) of image \(index + 1)",
                expected: "1 to \(names.count), the number of names in \(Self.names)",
                remedy: "download both files again")
        }
        var split = RawSplit(classes: names)
        var random = PythonRandom(seed: seed)
        for rows in rowsByFirstAppearance(labels) {
            let label = labels[rows[0]] - 1
            guard split.divide(rows.map { Self.fileName($0 + 1) }, label: label, using: &random) else {
                throw .badData(
                    data.path(Self.labels), found: "\(rows.count) images of class \(label + 1)",
                    expected: "at least 4, so that no subset is empty", remedy: "download the file again")
            }
        }
        return split
    }

    private func names(_ data: inout RawData) throws(Fault) -> [String] {
        let expected = "an object with a name for each label from \"1\""
        func invalid(_ found: String) -> Fault {
            .badData(data.path(Self.names), found: found, expected: expected, remedy: "download the file again")
        }
        guard let members = try data.json(Self.names, expected: expected).object else { throw invalid("no object") }
        var names: [String] = []
        for label in 0 ..< members.count {
            guard let name = members["\(label + 1)"]?.string else {
                throw invalid("no name at \"\(label + 1)\" among \(members.count)")
            }
            names.append(name)
        }
        return names
    }

    /// The file name, whose number has at least five digits.
    private static func fileName(_ number: Int) -> String {
        let digits = "\(number)"
        return "image_\(String(repeating: "0", count: max(0, 5 - digits.count)))\(digits).jpg"
    }
}

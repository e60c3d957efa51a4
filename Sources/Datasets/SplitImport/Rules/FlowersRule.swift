internal import Catalog
internal import Core
internal import Splits

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
        for rows in FirstAppearance.groups(labels.map { Int32($0) }) {
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

internal import Catalog
internal import Core
internal import Splits

/// Flowers102: a label for each numbered picture, every class cut 50/20/30.
///
/// Source: `OxfordFlowers.read_data`. Classes are cut in the order in which the pictures first name them.
struct FlowersRule: RawRule {
    private static let labels = "imagelabels.mat"
    private static let names = "cat_to_name.json"

    var isRandom: Bool { true }

    func needs(_ entry: DatasetEntry) -> [String] { [Self.labels, Self.names] }

    func parts(_ entry: DatasetEntry, _ data: inout RawData, seed: Int) throws(Fault) -> RawParts {
        let names = try names(&data)
        let labels = try data.mat(Self.labels) { file throws(Fault) in try file.rowVector("labels") }
        for (place, label) in labels.enumerated() where !names.indices.contains(label &- 1) {
            throw .badData(
                data.path(Self.labels), found: "the label \(label) of picture \(place + 1)",
                expected: "1 to \(names.count), as \(Self.names) has names", remedy: "get both files again")
        }
        var parts = RawParts(classes: names)
        var random = PythonRandom(seed: seed)
        for rows in FirstAppearance.groups(labels.map { Int32($0) }) {
            let label = labels[rows[0]] - 1
            guard parts.addCut(rows.map { Self.fileName($0 + 1) }, label: label, using: &random) else {
                throw .badData(
                    data.path(Self.labels), found: "\(rows.count) pictures of class \(label + 1)",
                    expected: "at least 4, so that train, val and test get some", remedy: "get the file again")
            }
        }
        return parts
    }

    private func names(_ data: inout RawData) throws(Fault) -> [String] {
        let expected = "an object that gives each label from \"1\" a name"
        guard let members = try data.json(Self.names, expected: expected).object else {
            throw .badData(data.path(Self.names), found: "no object", expected: expected, remedy: "get the file again")
        }
        var names: [String] = []
        for label in 0 ..< members.count {
            guard let name = members["\(label + 1)"]?.string else {
                throw .badData(
                    data.path(Self.names), found: "no name at \"\(label + 1)\" among \(members.count)",
                    expected: expected, remedy: "get the file again")
            }
            names.append(name)
        }
        return names
    }

    /// The number with five digits or more.
    private static func fileName(_ number: Int) -> String {
        let digits = "\(number)"
        return "image_\(String(repeating: "0", count: max(0, 5 - digits.count)))\(digits).jpg"
    }
}

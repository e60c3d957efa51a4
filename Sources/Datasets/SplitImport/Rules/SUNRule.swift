internal import Catalog
internal import Core
internal import Splits

/// SUN397: the first official division, a fifth of its training pictures becoming the val part.
///
/// Source: `SUN397.read_data` and `OxfordPets.split_trainval`.
struct SUNRule: RawRule {
    private static let names = "ClassName.txt"
    private static let train = "Training_01.txt"
    private static let test = "Testing_01.txt"

    var isRandom: Bool { true }

    func needs(_ entry: DatasetEntry) -> [String] { [Self.names, Self.train, Self.test] }

    func parts(_ entry: DatasetEntry, _ data: inout RawData, seed: Int) throws(Fault) -> RawParts {
        let folders = try data.lines(Self.names).map { String($0.text.dropFirst()) }
        let labels = Dictionary(zip(folders, folders.indices), uniquingKeysWith: { $1 })
        var parts = RawParts(classes: folders.map(Self.className))
        parts.train = try items(Self.train, labels, &data)
        parts.test = try items(Self.test, labels, &data)
        try parts.cutVal(seed: seed, path: data.path(Self.train))
        return parts
    }

    private func items(
        _ name: String, _ labels: [String: Int], _ data: inout RawData
    ) throws(Fault) -> ItemList {
        var items = ItemList()
        for line in try data.lines(name) {
            let path = line.text.dropFirst()
            let folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? ""
            guard let label = labels[folder] else {
                throw data.wrong(name, line, expected: "a path in a folder that \(Self.names) names")
            }
            items.append(String(path), label: label)
        }
        return items
    }

    /// Without its letter, and words like indoor first: `b/balcony/exterior` is `exterior balcony`.
    private static func className(_ folder: String) -> String {
        folder.split(separator: "/", omittingEmptySubsequences: false).dropFirst().reversed().joined(separator: " ")
    }
}

internal import Catalog
internal import Core
internal import Splits

/// SUN397: the first official split; a fifth of its training images become the val subset.
///
/// Source: `SUN397.read_data` and `OxfordPets.split_trainval`.
struct SUNRule: RawRule {
    private static let names = "ClassName.txt"
    private static let train = "Training_01.txt"
    private static let test = "Testing_01.txt"

    func needs(_ entry: DatasetEntry) -> [String] { [Self.names, Self.train, Self.test] }

    func split(_ entry: DatasetEntry, _ data: inout RawData, seed: Int) throws(Fault) -> RawSplit {
        let folders = try data.lines(Self.names).map { String($0.text.dropFirst()) }
        let labels = Dictionary(zip(folders, folders.indices), uniquingKeysWith: { $1 })
        var split = RawSplit(classes: folders.map(Self.className))
        split.train = try items(Self.train, labels, &data)
        split.test = try items(Self.test, labels, &data)
        try split.divideTrain(seed: seed, path: data.path(Self.train))
        return split
    }

    private func items(
        _ name: String, _ labels: [String: Int], _ data: inout RawData
    ) throws(Fault) -> ItemList {
        var items = ItemList()
        for line in try data.lines(name) {
            let path = line.text.dropFirst()
            let folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? ""
            guard let label = labels[folder] else {
                throw data.invalid(name, line, expected: "a path in a folder listed in \(Self.names)")
            }
            items.append(String(path), label: label)
        }
        return items
    }

    /// Removes the first letter and reverses the folders: `b/balcony/exterior` becomes `exterior balcony`.
    private static func className(_ folder: String) -> String {
        folder.split(separator: "/", omittingEmptySubsequences: false).dropFirst().reversed().joined(separator: " ")
    }
}

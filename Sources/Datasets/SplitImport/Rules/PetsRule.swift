internal import Catalog
internal import Core
internal import Splits

/// OxfordPets: two lists of file names with labels; a fifth of the first list becomes the val subset.
///
/// Source: `OxfordPets.read_data` and `split_trainval`.
struct PetsRule: RawRule {
    private static let trainval = "annotations/trainval.txt"
    private static let test = "annotations/test.txt"

    func needs(_ entry: DatasetEntry) -> [String] { [Self.trainval, Self.test] }

    func split(_ entry: DatasetEntry, _ data: inout RawData, seed: Int) throws(Fault) -> RawSplit {
        var classes = ClassList()
        var split = RawSplit(classes: [])
        split.train = try items(Self.trainval, &data, &classes)
        split.test = try items(Self.test, &data, &classes)
        split.classes = try classes.names(data.path(Self.trainval))
        try split.divideTrain(seed: seed, path: data.path(Self.trainval))
        return split
    }

    private func items(_ name: String, _ data: inout RawData, _ classes: inout ClassList) throws(Fault) -> ItemList {
        var items = ItemList()
        for line in try data.lines(name) {
            let words = line.words
            guard words.count == 4, let number = Int(words[1]) else {
                throw data.invalid(name, line, expected: "a name, a label, a species and a number")
            }
            let breed = words[0].split(separator: "_", omittingEmptySubsequences: false).dropLast()
                .joined(separator: "_").lowercased()
            guard classes.add(breed, at: number &- 1) else {
                throw data.invalid(name, line, expected: "one breed per label, from 1")
            }
            items.append("\(words[0]).jpg", label: number - 1)
        }
        return items
    }
}

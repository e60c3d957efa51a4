internal import Catalog
internal import Core
internal import Splits

/// UCF101: the first official split, with the middle frame of each video; a fifth of train becomes the val subset.
///
/// Source: `UCF101.read_data` and `OxfordPets.split_trainval`.
struct UCFRule: RawRule {
    private static let classes = "ucfTrainTestlist/classInd.txt"
    private static let train = "ucfTrainTestlist/trainlist01.txt"
    private static let test = "ucfTrainTestlist/testlist01.txt"

    func needs(_ entry: DatasetEntry) -> [String] { [Self.classes, Self.train, Self.test] }

    func split(_ entry: DatasetEntry, _ data: inout RawData, seed: Int) throws(Fault) -> RawSplit {
        var names = ClassList()
        var labels: [String: Int] = [:]
        for line in try data.lines(Self.classes) {
            let words = line.words
            guard words.count == 2, let number = Int(words[0]),
                names.add(Self.spaced(words[1]), at: number &- 1)
            else { throw data.invalid(Self.classes, line, expected: "a number from 1 and an action") }
            labels[String(words[1])] = number - 1
        }
        var split = RawSplit(classes: try names.names(data.path(Self.classes)))
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
            // The label after the path, in the training list only, is ignored.
            let path = line.words[0].split(separator: "/", omittingEmptySubsequences: false)
            guard path.count == 2, let label = labels[String(path[0])] else {
                throw data.invalid(name, line, expected: "an action of classInd.txt, a slash and a video")
            }
            items.append("\(Self.spaced(path[0]))/\(path[1].replacing(".avi", with: ".jpg"))", label: label)
        }
        return items
    }

    /// Splits before each capital letter and joins with underscores; text before the first capital is removed.
    private static func spaced(_ action: Substring) -> String {
        var name = ""
        for character in action.unicodeScalars {
            let isCapital = ("A" ... "Z").contains(character)
            if isCapital, !name.isEmpty { name.append("_") }
            if isCapital || !name.isEmpty { name.unicodeScalars.append(character) }
        }
        return name
    }
}

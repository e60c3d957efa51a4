internal import Catalog
internal import Core
internal import Splits

/// UCF101: the first official division, each video by its middle frame, a fifth of train becoming the val part.
///
/// Source: `UCF101.read_data` and `OxfordPets.split_trainval`.
struct UCFRule: RawRule {
    private static let classes = "ucfTrainTestlist/classInd.txt"
    private static let train = "ucfTrainTestlist/trainlist01.txt"
    private static let test = "ucfTrainTestlist/testlist01.txt"

    var isRandom: Bool { true }

    func needs(_ entry: DatasetEntry) -> [String] { [Self.classes, Self.train, Self.test] }

    func parts(_ entry: DatasetEntry, _ data: inout RawData, seed: Int) throws(Fault) -> RawParts {
        var names = ClassList()
        var labels: [String: Int] = [:]
        for line in try data.lines(Self.classes) {
            let words = line.words
            guard words.count == 2, let number = Int(words[0]),
                names.add(Self.spaced(words[1]), at: number &- 1)
            else { throw data.wrong(Self.classes, line, expected: "a number from 1 and an action") }
            labels[String(words[1])] = number - 1
        }
        var parts = RawParts(classes: try names.names(data.path(Self.classes)))
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
            // The label after the path, in the training list only, is not looked at.
            let path = line.words[0].split(separator: "/", omittingEmptySubsequences: false)
            guard path.count == 2, let label = labels[String(path[0])] else {
                throw data.wrong(name, line, expected: "an action of classInd.txt, a slash and a video")
            }
            items.append("\(Self.spaced(path[0]))/\(path[1].replacing(".avi", with: ".jpg"))", label: label)
        }
        return items
    }

    /// Cut before each capital letter, joined by underscores; what stands before the first one is dropped.
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

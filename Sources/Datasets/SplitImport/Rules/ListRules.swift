internal import Catalog
internal import Core
internal import Splits

/// FGVCAircraft: one list per official subset, used unchanged.
///
/// Source: `FGVCAircraft.read_data`.
struct AircraftRule: RawRule {
    private static let variants = "variants.txt"

    var isRandom: Bool { false }

    private static func list(_ subset: Subset) -> String { "images_variant_\(subset.rawValue).txt" }

    func needs(_ entry: DatasetEntry) -> [String] { [Self.variants] + Subset.allCases.map(Self.list) }

    func split(_ entry: DatasetEntry, _ data: inout RawData, seed: Int) throws(Fault) -> RawSplit {
        let classes = try data.lines(Self.variants).map(\.text)
        // The last of several equal names counts, as in CoOp's dictionary; the split's validation then refuses it.
        let labels = Dictionary(zip(classes, classes.indices), uniquingKeysWith: { $1 })
        func items(_ subset: Subset) throws(Fault) -> ItemList {
            try data.items(Self.list(subset), expected: "an image number and a line of \(Self.variants)") { line in
                let words = line.words
                return labels[words.dropFirst().joined(separator: " ")].map { ("\(words[0]).jpg", $0) }
            }
        }
        return RawSplit(classes: classes, train: try items(.train), val: try items(.val), test: try items(.test))
    }
}

/// OxfordPets: two lists of file names with labels; a fifth of the first list becomes the val subset.
///
/// Source: `OxfordPets.read_data` and `split_trainval`.
struct PetsRule: RawRule {
    private static let train = "annotations/trainval.txt"
    private static let test = "annotations/test.txt"

    func needs(_ entry: DatasetEntry) -> [String] { [Self.train, Self.test] }

    func split(_ entry: DatasetEntry, _ data: inout RawData, seed: Int) throws(Fault) -> RawSplit {
        var classes = ClassList()
        var split = RawSplit(classes: [])
        split.train = try items(Self.train, &data, &classes)
        split.test = try items(Self.test, &data, &classes)
        split.classes = try classes.names(data.path(Self.train))
        try split.divideTrain(seed: seed, path: data.path(Self.train))
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
        func items(_ name: String) throws(Fault) -> ItemList {
            try data.items(name, expected: "a path in a folder listed in \(Self.names)") { line in
                let path = line.text.dropFirst()
                let folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? ""
                return labels[folder].map { (String(path), $0) }
            }
        }
        // Class names are without the first letter, and the folders reversed: b/balcony/exterior is exterior balcony.
        let classes = folders.map { folder in
            folder.split(separator: "/", omittingEmptySubsequences: false).dropFirst().reversed().joined(separator: " ")
        }
        var split = RawSplit(classes: classes, train: try items(Self.train), test: try items(Self.test))
        try split.divideTrain(seed: seed, path: data.path(Self.train))
        return split
    }
}

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
        var labels: [Substring: Int] = [:]
        for line in try data.lines(Self.classes) {
            let words = line.words
            guard words.count == 2, let number = Int(words[0]), names.add(Self.spaced(words[1]), at: number &- 1)
            else { throw data.invalid(Self.classes, line, expected: "a number from 1 and an action") }
            labels[words[1]] = number - 1
        }
        func items(_ name: String) throws(Fault) -> ItemList {
            try data.items(name, expected: "an action of classInd.txt, a slash and a video") { line in
                // The label after the path, in the training list only, is ignored.
                let path = line.words[0].split(separator: "/", omittingEmptySubsequences: false)
                guard path.count == 2, let label = labels[path[0]] else { return nil }
                return ("\(Self.spaced(path[0]))/\(path[1].replacing(".avi", with: ".jpg"))", label)
            }
        }
        let classes = try names.names(data.path(Self.classes))
        var split = RawSplit(classes: classes, train: try items(Self.train), test: try items(Self.test))
        try split.divideTrain(seed: seed, path: data.path(Self.train))
        return split
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

/// Class names by label, collected from annotations of single items.
struct ClassList {
    /// The maximum label; the data sets have some hundred classes.
    static let limit = 1 << 16

    private var names: [Int: String] = [:]

    /// Adds the name of `label`; false if the label has another name already, or is out of range.
    mutating func add(_ name: String, at label: Int) -> Bool {
        guard (0 ..< Self.limit).contains(label) else { return false }
        if let known = names[label] { return known == name }
        names[label] = name
        return true
    }

    /// The names of the labels from 0.
    ///
    /// - Throws: `badData` naming `path` and a label without a name.
    func names(_ path: String) throws(Fault) -> [String] {
        var list: [String] = []
        for label in 0 ..< (names.keys.max() ?? -1) + 1 {
            guard let name = names[label] else {
                throw .badData(
                    path, found: "no item of class \(label + 1)", expected: "labels from 1 without gaps",
                    remedy: "download the file again")
            }
            list.append(name)
        }
        return list
    }
}

internal import Core
internal import Splits

/// The search for names that look like those of scenes, videos or patients with several images each.
enum SeriesNames {
    /// A group of the items of a class.
    private struct Key: Hashable {
        let label: Int32
        let name: [UInt8]
    }

    /// A way to group items, with the groups that it gives.
    private struct Grouping {
        let rule: String
        let words: String
        /// The number of items of each group.
        var groups: [Key: Int] = [:]
        /// The number of groups of each class.
        var classGroups: [Int]
    }

    /// The least ratio of items that share their group with others.
    private static let share = 0.8

    /// Returns a note on the groups that the names of `items` suggest; nil for none.
    static func note(on items: ItemList, classCount: Int) -> String? {
        let kinds: [(rule: String, words: String, key: (Int) -> [UInt8]?)] = [
            ("folder", "the images of a class are in several folders", { folder(items, $0) }),
            (#"([^/]*\d)[^\d/]+\d+\.\w+$"#, "file names look like series", { numbered(items.pathBytes($0)) }),
            (#"([^/]*\d)[_. -]+[A-Za-z]+\.\w+$"#, "file names look like series", { lettered(items.pathBytes($0)) }),
        ]
        for kind in kinds {
            var grouping = Grouping(
                rule: kind.rule, words: kind.words, classGroups: [Int](repeating: 0, count: classCount))
            for row in items.indices {
                guard let name = kind.key(row) else { continue }
                let key = Key(label: items.labels[row], name: name)
                if grouping.groups.updateValue((grouping.groups[key] ?? 0) + 1, forKey: key) == nil {
                    grouping.classGroups[Int(key.label)] += 1
                }
            }
            if isLikely(grouping, items.count) { return sentence(grouping) }
        }
        return nil
    }

    private static func isLikely(_ grouping: Grouping, _ count: Int) -> Bool {
        let shared = grouping.groups.values.filter { $0 > 1 }.reduce(0, +)
        let several = grouping.classGroups.count { $0 > 1 }
        return Double(shared) >= share * Double(count) && 2 * several >= grouping.classGroups.count
            && grouping.groups.count > 1
    }

    private static func sentence(_ grouping: Grouping) -> String {
        let largest = grouping.groups.min { a, b in
            a.value == b.value ? a.key.name.lexicographicallyPrecedes(b.key.name) : a.value > b.value
        }
        return "\(grouping.words): \(grouping.groups.count) of them, such as \(largest?.value ?? 0) images of "
            + "'\(String(decoding: largest?.key.name ?? [], as: UTF8.self))'; if each shows one scene, "
            + "\(OptionName("group")) \(shellWord(grouping.rule)) keeps its images in one subset"
    }

    /// The item's folder, if it is not that of the class.
    private static func folder(_ items: ItemList, _ row: Int) -> [UInt8]? {
        let folder = items.folderBytes(row)
        return folder.contains(UInt8(ascii: "/")) ? folder : nil
    }

    /// The name up to the last number before the final one: `patient12` of `patient12_img3.jpg`.
    private static func numbered(_ path: ArraySlice<UInt8>) -> [UInt8]? {
        let stem = stem(path)
        let rest = stem[..<(stem.lastIndex { !isDigit($0) }.map { $0 + 1 } ?? stem.startIndex)]
        guard rest.count < stem.count, let end = rest.lastIndex(where: isDigit) else { return nil }
        return Array(stem[...end])
    }

    /// The name up to the number before the final word: `10` of `10_left.jpeg`.
    private static func lettered(_ path: ArraySlice<UInt8>) -> [UInt8]? {
        let stem = stem(path)
        let word = stem.lastIndex { !isLetter($0) }.map { $0 + 1 } ?? stem.startIndex
        let rest = stem[..<word]
        guard word < stem.endIndex, let end = rest.lastIndex(where: { !"_. -".utf8.contains($0) }),
            end + 1 < word, isDigit(rest[end])
        else { return nil }
        return Array(stem[...end])
    }

    /// The file name without its suffix.
    private static func stem(_ path: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        let name = path[(path.lastIndex(of: UInt8(ascii: "/")).map { $0 + 1 } ?? path.startIndex)...]
        return name[..<(name.lastIndex(of: UInt8(ascii: ".")) ?? name.endIndex)]
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (48 ... 57).contains(byte) }

    private static func isLetter(_ byte: UInt8) -> Bool { (65 ... 90).contains(byte) || (97 ... 122).contains(byte) }
}

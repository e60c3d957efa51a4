internal import Core
internal import Splits

/// The names that a file gives to class folders: a list, or a JSON object.
struct FolderClassNames {
    /// The folders in label order and their names.
    struct Named {
        var folders: [String]
        var names: [String]
        /// Names in the file that belong to no folder.
        var unused: [String] = []
    }

    private let path: String
    private var list: [String] = []
    /// The possible readings of the file as names by folder: either side of an object, or words after the first one.
    private var tables: [[String: String]] = []

    /// Reads a JSON list or object (`.json`), or a text file with one name per line.
    ///
    /// - Throws: `badData` for any other file.
    init(path: String) throws(Fault) {
        self.path = path
        if path.lowercased().hasSuffix(".json"),
            let members = try JSONValue(fileAt: path, expected: "a list or an object of class names").object
        {
            tables = Self.tables(members)
        } else {
            let file = try NameList(path: path)
            list = file.names
            tables = [file.keys, file.labels?.map(String.init)].compactMap(\.self).map { keys in
                Dictionary(zip(keys, file.names)) { first, _ in first }
            }
            if tables.isEmpty, let table = Self.table(list) { tables = [table] }
        }
    }

    /// Returns `folders`, which are sorted by their bytes, in label order with their names.
    ///
    /// Folders are found by name in the file. If they are numbers, they are also the positions of the names in a list,
    /// from 0 or 1, and their order is numeric. Otherwise a list has the names in the order of the folders.
    ///
    /// - Throws: `badData` naming the first folder without a name.
    func named(_ folders: [String], in parent: String) throws(Fault) -> Named {
        let ordered = Self.inNumericOrder(folders)
        if let named = listed(ordered) { return named }
        for table in tables {
            if let named = Self.named(ordered, by: table) { return named }
        }
        guard !list.isEmpty, !isPartlyListed(ordered) else { throw missing(ordered, in: parent) }
        if list.count == ordered.count { return Named(folders: ordered, names: list) }
        let numbers = ordered.compactMap { Int($0) }
        guard numbers.count == ordered.count else { throw missing(ordered, in: parent) }
        return try numbered(ordered, numbers, in: parent)
    }

    /// The folders in the order of the list that has their own names; nil if it has not all of them.
    private func listed(_ folders: [String]) -> Named? {
        let known = Dictionary(folders.map { (Self.key($0), $0) }, uniquingKeysWith: { first, _ in first })
        let found = list.filter { known[Self.key($0)] != nil }
        guard known.count == folders.count, Set(found.map(Self.key)).count == folders.count,
            found.count == folders.count
        else { return nil }
        return Named(
            folders: found.compactMap { known[Self.key($0)] }, names: found,
            unused: list.filter { known[Self.key($0)] == nil })
    }

    private func isPartlyListed(_ folders: [String]) -> Bool {
        let names = Set(list.map(Self.key))
        return folders.contains { names.contains(Self.key($0)) }
    }

    /// The folders that are positions in the list.
    private func numbered(_ folders: [String], _ numbers: [Int], in parent: String) throws(Fault) -> Named {
        let least = numbers.min() ?? 0
        let most = numbers.max() ?? 0
        // Without a folder 0, the list counts from 1 if that makes use of its last name.
        let first = least > 0 && most == list.count ? 1 : 0
        guard least >= 0, most - first < list.count, least == 0 || first == 1 else {
            throw .badData(
                path, found: "\(list.count) names",
                expected: "names for the folders \(least) to \(most) of '\(parent)', counted from 0 or 1",
                remedy: "give a JSON object with the name of each folder, such as {\"\(folders[0])\": \"...\"}")
        }
        let positions = Set(numbers.map { $0 - first })
        return Named(
            folders: folders, names: numbers.map { list[$0 - first] },
            unused: list.indices.filter { !positions.contains($0) }.map { list[$0] })
    }

    private static func named(_ folders: [String], by table: [String: String]) -> Named? {
        let keys = Dictionary(table.map { (key($0.key), $0.key) }, uniquingKeysWith: { first, _ in first })
        var used: Set<String> = []
        var named = Named(folders: folders, names: [])
        for folder in folders {
            guard let member = keys[key(folder)], let name = table[member] else { return nil }
            used.insert(member)
            named.names.append(name)
        }
        named.unused = table.filter { !used.contains($0.key) }.map(\.value).sorted { $0.precedes($1) }
        return named
    }

    private func missing(_ folders: [String], in parent: String) -> Fault {
        let known = Set((list + tables.flatMap { $0.keys }).map(Self.key))
        let folder = folders.first { !known.contains(Self.key($0)) } ?? folders[0]
        return .badData(
            path, found: "\(list.isEmpty ? tables.first?.count ?? 0 : list.count) names and none for '\(folder)'",
            expected: "a name for each of the \(folders.count) class folders of '\(parent)'",
            remedy: "give one name per folder in the order of the folders, lines of folder and name, or a JSON object")
    }

    /// The readings of an object: names by folder, folders by name, and lists of a folder and its name.
    private static func tables(_ members: [String: JSONValue]) -> [[String: String]] {
        var names: [String: String] = [:]
        var folders: [String: String] = [:]
        var pairs: [String: String] = [:]
        for (key, value) in members {
            if let name = value.strings?.last ?? value.string ?? value.object?["name"]?.string { names[key] = name }
            if let folder = value.string ?? value.integer.map({ "\($0)" }) { folders[folder] = key }
            if let pair = value.strings, pair.count == 2 { pairs[pair[0]] = pair[1] }
        }
        return [names, pairs, folders].filter { $0.count == members.count }
    }

    /// The names after the first word of each line; nil if a line has one word.
    private static func table(_ lines: [String]) -> [String: String]? {
        var table: [String: String] = [:]
        for line in lines {
            let folder = line.prefix { !$0.isWhitespace }
            let name = String(line.dropFirst(folder.count)).trimmed
            guard !name.isEmpty, table.updateValue(name, forKey: String(folder)) == nil else { return nil }
        }
        return table
    }

    /// The form by which names are compared: numbers without leading zeros, words as in prompts and in lower case.
    private static func key(_ name: String) -> String {
        Int(name).map { "\($0)" } ?? ClassNaming.cleaned(name).lowercased()
    }

    /// Sorts folders by number if all of them are numbers.
    private static func inNumericOrder(_ folders: [String]) -> [String] {
        let numbers = folders.compactMap { Int($0) }
        guard numbers.count == folders.count else { return folders }
        return zip(numbers, folders).sorted { ($0.0, $0.1) < ($1.0, $1.1) }.map(\.1)
    }
}

internal import Core

/// Class names by label as annotation files give them, item by item or line by line.
struct ClassList {
    /// Labels are places in lists of some hundred names.
    static let limit = 1 << 16

    private var names: [Int: String] = [:]

    /// Notes that `label` is called `name`.
    ///
    /// - Returns: false if it was called otherwise before, or is no label.
    mutating func add(_ name: String, at label: Int) -> Bool {
        guard (0 ..< Self.limit).contains(label) else { return false }
        if let known = names[label] { return known == name }
        names[label] = name
        return true
    }

    /// The names, one for each label from 0.
    ///
    /// - Throws: `badData` naming `path` and the label that has none.
    func names(_ path: String) throws(Fault) -> [String] {
        var list: [String] = []
        for label in 0 ..< (names.keys.max() ?? -1) + 1 {
            guard let name = names[label] else {
                throw .badData(
                    path, found: "nothing of class \(label + 1)", expected: "labels from 1 without a gap",
                    remedy: "get the file again")
            }
            list.append(name)
        }
        return list
    }
}

internal import Core

/// Class names by label, collected from annotations of single items.
struct ClassList {
    /// The maximum label; the data sets have some hundred classes.
    static let limit = 1 << 16

    private var names: [Int: String] = [:]

    /// Adds the name of `label`.
    ///
    /// - Returns: false if the label has another name already, or is out of range.
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

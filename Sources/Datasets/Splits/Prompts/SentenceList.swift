internal import Core

/// Sentences per class, under the class names of a prompt file.
struct SentenceList: Sendable {
    let path: String
    private(set) var keys: [String] = []
    /// The sentences of each key.
    private(set) var sentences: [[String]] = []

    init(path: String) { self.path = path }

    var lastKey: String { keys.last ?? "" }
    var lastCount: Int { sentences.last?.count ?? 0 }

    mutating func append(_ key: String) {
        keys.append(key)
        sentences.append([])
    }

    mutating func appendToLast(_ sentence: String) { sentences[sentences.count - 1].append(sentence) }

    /// Returns the row of the sentences of each class [C], and a note on unused sentences.
    ///
    /// A key spelled exactly like the class comes first. Otherwise case and underscores are ignored, if the match is
    /// unique.
    ///
    /// - Throws: `badData` with the classes that have no sentences, or the keys that match the same class.
    func rows(for classes: [String]) throws(Fault) -> (rows: [Int], note: String?) {
        let exact = Dictionary(uniqueKeysWithValues: keys.enumerated().map { ($1, $0) })
        let loose = Dictionary(grouping: keys.indices) { ClassName.loosely(keys[$0]) }
        var rows: [Int] = []
        var missing: [String] = []
        var users: [Int: String] = [:]
        for name in classes {
            let candidates = exact[name].map { [$0] } ?? loose[ClassName.loosely(name)] ?? []
            guard let row = candidates.first else {
                missing.append(name)
                continue
            }
            guard candidates.count == 1 else {
                throw ambiguous(
                    "the keys \(quoted(candidates.map { keys[$0] })) for the class '\(name)'", "one of them")
            }
            if let other = users.updateValue(name, forKey: row), other != name {
                throw ambiguous("only the key '\(keys[row])' for the classes '\(other)' and '\(name)'", "one for each")
            }
            rows.append(row)
        }
        guard missing.isEmpty else { throw noSentences(for: missing, classes) }
        let unused = keys.indices.filter { users[$0] == nil }.map { keys[$0] }
        guard !unused.isEmpty else { return (rows, nil) }
        return (
            rows, "\(path): \(unused.count) of \(keys.count) keys match no class of the split: \(quoted(unused))"
        )
    }

    private func ambiguous(_ found: String, _ expected: String) -> Fault {
        .badData(path, found: found, expected: expected, remedy: "spell one key exactly like the class")
    }

    private func noSentences(for missing: [String], _ classes: [String]) -> Fault {
        let shown = missing.prefix(3).map { name in
            let near = nearestNames(to: name, among: keys)
            return near.isEmpty
                ? "'\(name)'" : "'\(name)' (similar: \(near.map { "'\($0)'" }.joined(separator: ", ")))"
        }
        let rest = missing.count > shown.count ? " and \(missing.count - shown.count) more" : ""
        var remedy: Remedy = "rename the file's keys to the class names"
        if let theirs = ImageNetNames(of: keys) {
            remedy = "the keys look like \(theirs.rawValue)"
            if let ours = ImageNetNames(of: classes), ours != theirs {
                remedy += ", the classes like \(ours.rawValue)"
            }
            remedy += ": use a file for the other list, or rename its keys"
        }
        let names = shown.joined(separator: ", ") + rest
        return .badData(
            path, found: "no sentences for \(missing.count) of \(classes.count) classes: \(names)",
            expected: "one key per class", remedy: remedy)
    }
}

/// Returns names for a sentence: the first three in quotes, and the number of the others.
private func quoted(_ names: [String]) -> String {
    let shown = names.prefix(3).map { "'\($0)'" }.joined(separator: ", ")
    return names.count > 3 ? "\(shown) and \(names.count - 3) more" : shown
}

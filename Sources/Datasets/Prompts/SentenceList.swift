internal import Core

/// Sentences about classes, as a file names the classes.
struct SentenceList: Sendable {
    let path: String
    private(set) var keys: [String] = []
    /// For each key its sentences.
    private(set) var sentences: [[String]] = []

    init(path: String) { self.path = path }

    var lastKey: String { keys.last ?? "" }
    var lastCount: Int { sentences.last?.count ?? 0 }

    mutating func append(_ key: String) {
        keys.append(key)
        sentences.append([])
    }

    mutating func appendToLast(_ sentence: String) { sentences[sentences.count - 1].append(sentence) }

    /// For each class the row of its sentences [C], and a note on sentences that no class asks for.
    ///
    /// A key that is spelled exactly as the class comes first. Else underscores are spaces and case does not count, if
    /// that leaves no choice.
    ///
    /// - Throws: `badData` naming the classes that have none, or the keys between which a class could choose.
    func rows(for classes: [String]) throws(Fault) -> (rows: [Int], note: String?) {
        let exact = Dictionary(uniqueKeysWithValues: keys.enumerated().map { ($1, $0) })
        let loose = Dictionary(grouping: keys.indices) { ClassName.loosely(keys[$0]) }
        var rows: [Int] = []
        var missing: [String] = []
        var takers: [Int: String] = [:]
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
            if let other = takers.updateValue(name, forKey: row), other != name {
                throw ambiguous("only the key '\(keys[row])' for the classes '\(other)' and '\(name)'", "one for each")
            }
            rows.append(row)
        }
        guard missing.isEmpty else { throw lacking(missing, classes) }
        let unused = keys.indices.filter { takers[$0] == nil }.map { keys[$0] }
        guard !unused.isEmpty else { return (rows, nil) }
        return (rows, "\(path): \(unused.count) of \(keys.count) keys belong to no class here: \(quoted(unused))")
    }

    private func ambiguous(_ found: String, _ expected: String) -> Fault {
        .badData(path, found: found, expected: expected, remedy: "spell one key exactly as the class is")
    }

    private func lacking(_ missing: [String], _ classes: [String]) -> Fault {
        let shown = missing.prefix(3).map { name in
            let near = nearestNames(to: name, among: keys)
            return near.isEmpty
                ? "'\(name)'" : "'\(name)' (is that \(near.map { "'\($0)'" }.joined(separator: " or "))?)"
        }
        let rest = missing.count > shown.count ? " and \(missing.count - shown.count) more" : ""
        var remedy: Remedy = "rename the file's keys as the classes are called"
        if let theirs = ImageNetNames(of: keys) {
            remedy = "the keys look like \(theirs.words)"
            if let ours = ImageNetNames(of: classes), ours != theirs {
                remedy += ", the classes like \(ours.words)"
            }
            remedy += ": take the file for the other list, or rename its keys"
        }
        let names = shown.joined(separator: ", ") + rest
        return .badData(
            path, found: "no sentences for \(missing.count) of \(classes.count) classes: \(names)",
            expected: "a key for each class", remedy: remedy)
    }
}

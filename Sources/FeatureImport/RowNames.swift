internal import Core

/// The names of the rows of a source.
enum RowNames {
    private static let arraySuffixes = ["npy", "npz", "parquet", "pt", "pth"]

    /// Reads one name for each of `count` rows: an array of texts, a JSON list, or a text file with a name per line.
    ///
    /// - Throws: `badData` for another number of names, or a name twice.
    static func read(_ text: String, count: Int, images: String) throws(Fault) -> [String] {
        let reference = ArrayReference(text)
        let names = try isArray(reference) ? TensorSource(reference, .ids).texts() : list(text)
        guard names.count == count else {
            throw .badData(
                text, found: "\(names.count) names", expected: "\(count), one per row of \(images)",
                remedy: "use the names of these features")
        }
        var rows: [String: Int] = [:]
        for (row, name) in names.enumerated() {
            if let first = rows.updateValue(row, forKey: name) {
                throw .badData(
                    text, found: "'\(name)' in the rows \(first) and \(row)", expected: "a different name for each row",
                    remedy: "correct the names")
            }
        }
        return names
    }

    /// Whether the reference names an array and not a list of names.
    static func isArray(_ reference: ArrayReference) -> Bool {
        reference.name != nil || arraySuffixes.contains { reference.path.hasSuffix(".\($0)") }
    }

    private static func list(_ path: String) throws(Fault) -> [String] {
        if path.hasSuffix(".json") {
            return try JSONDocument.read([String].self, from: path, expected: "a list of names")
        }
        guard let text = String(validating: try fileBytes(path), as: UTF8.self), !text.contains("\0") else {
            throw .badData(path, found: "bytes that are not UTF-8 text", expected: "one name per line")
        }
        var lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).map(String.init)
        while lines.last == "" { lines.removeLast() }
        return lines
    }
}

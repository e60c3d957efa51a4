/// The class names of a file, in label order.
///
/// The file is a text with one name per line, a table with a header, the `names` of a YAML file, or JSON: a list, or an
/// object whose keys or values are the labels. Names may have their labels beside them.
public struct NameList: Sendable, Equatable {
    /// The class names [C], by ascending label.
    public let names: [String]
    /// The label of each class in the file [C], ascending; nil if the file has none.
    public let labels: [Int]?
    /// A second name of each class, such as a WordNet identifier or a folder [C]; nil if the file has none.
    public let keys: [String]?

    /// Reads the file at `path`.
    ///
    /// - Throws: `badData` for an empty list, an empty name, a label that is used twice, or another structure.
    public init(path: String) throws(Fault) {
        let suffix = path.lowercased()
        let text = try TextFile(path: path).string()
        guard !text.contains("\0") else {
            throw .badData(path, found: "zero bytes", expected: "a text file with one class name per line")
        }
        if suffix.hasSuffix(".json") {
            try self.init(json: text, path: path)
        } else if let rows = try Self.yamlRows(
            Self.withoutAssignment(text), isYAML: suffix.hasSuffix(".yaml") || suffix.hasSuffix(".yml"), path)
        {
            try self.init(rows: NumberedRows(rows), path: path)
        } else {
            let lines = try Self.lines(text, path)
            try self.init(rows: NameTable(lines)?.rows ?? NumberedRows(lines), path: path)
        }
    }

    /// The list in `classes = [...]`, as Python writes it; other text is unchanged.
    private static func withoutAssignment(_ text: String) -> String {
        guard let equals = text.firstIndex(of: "="), text.trimmed.last.map("]}".contains) == true else { return text }
        let name = text[..<equals].trimmed
        let list = text[text.index(after: equals)...].trimmed
        let isName = name.allSatisfy { $0.isLetter || $0.isNumber || $0 == "_" }
        return isName && list.first.map("[{".contains) == true ? list : text
    }

    /// The lines of a text, without the marks of a copied list.
    ///
    /// - Throws: `badData` for a comment.
    private static func lines(_ text: String, _ path: String) throws(Fault) -> [String] {
        // A carriage return and its newline are one `Character`.
        var lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
            .map { String($0).trimmed }
        while lines.last == "" { lines.removeLast() }
        // One line cannot be all classes.
        if lines.count == 1, lines[0].contains(",") {
            return lines[0].split(separator: ",").map { String($0).trimmed.unquoted }
        }
        if let line = lines.firstIndex(where: { $0.hasPrefix("# ") }), !lines.allSatisfy({ $0.hasPrefix("#") }) {
            throw .badData(
                path, found: "a comment on line \(line + 1): '\(lines[line].prefix(60))'", expected: "class names",
                remedy: "remove the line")
        }
        // A number before each name is a label, which is read elsewhere.
        guard !lines.contains(""), lines.first?.first?.isNumber != true else { return lines }
        return CopiedLines(text).lines.map(\.text.trimmed)
    }

    /// Reads the class names of the file at `path` for labels that count from 0.
    ///
    /// - Throws: `badData` as for ``init(path:)``, or for labels with gaps.
    public static func read(_ path: String) throws(Fault) -> [String] {
        let list = try NameList(path: path)
        if let labels = list.labels, let first = labels.first, first + labels.count - 1 != labels[labels.count - 1] {
            throw .badData(
                path, found: "the labels \(first) to \(labels[labels.count - 1]) for \(labels.count) classes",
                expected: "labels without gaps", remedy: "number the classes from 0")
        }
        return list.names
    }

    /// The classes of `rows`, sorted by label.
    init(rows: NumberedRows, path: String) throws(Fault) {
        let names = try Self.checked(rows.names, path: path)
        guard let numbers = rows.numbers else {
            self.names = names
            labels = nil
            keys = rows.keys
            return
        }
        let order = numbers.indices.sorted { numbers[$0] < numbers[$1] }
        if let second = order.indices.dropFirst().first(where: { numbers[order[$0]] == numbers[order[$0 - 1]] }) {
            throw .badData(
                path,
                found: "the label \(numbers[order[second]]) for '\(names[order[second - 1]])' and "
                    + "'\(names[order[second]])'",
                expected: "one class per label", remedy: "correct the file")
        }
        self.names = order.map { names[$0] }
        labels = order.map { numbers[$0] }
        keys = rows.keys.map { keys in order.map { keys[$0] } }
    }

    /// Returns `names` unless the list or one of its names is empty.
    package static func checked(_ names: [String], path: String) throws(Fault) -> [String] {
        guard !names.isEmpty, !names.contains("") else {
            throw .badData(
                path,
                found: names.isEmpty ? "no class name" : "an empty name for class \(names.firstIndex(of: "") ?? 0)",
                expected: "one name per class", remedy: "correct the file")
        }
        return names
    }
}

internal import FoundationEssentials

extension NameList {
    static let jsonForms = """
        a list as ["cat", "dog"], or an object as {"0": "cat"} or {"cat": 0}
        """

    /// Reads class names from JSON.
    ///
    /// - Throws: `badData` for another structure than a list of names or an object of names and labels.
    init(json text: String, path: String) throws(Fault) {
        let tree = try JSONDocument.decode(NameTree.self, from: Data(text.utf8), path: path, expected: Self.jsonForms)
        guard let rows = tree.rows else {
            throw .badData(
                path, found: tree.words, expected: Self.jsonForms,
                remedy: "write the class names in one of these forms, or one name per line in a .txt file")
        }
        try self.init(rows: rows, path: path)
    }
}

/// The JSON values of which lists of names are made.
private indirect enum NameTree: Decodable {
    case text(String)
    case number(Int)
    case list([NameTree])
    case object([String: NameTree])
    case other

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let text = try? container.decode(String.self) {
            self = .text(text)
        } else if let number = try? container.decode(Int.self) {
            self = .number(number)
        } else if let list = try? container.decode([NameTree].self) {
            self = .list(list)
        } else if let members = try? container.decode([String: NameTree].self) {
            self = .object(members)
        } else {
            self = .other
        }
    }

    /// The keys under which files of other programs have their class names, such as COCO's and Hugging Face's.
    private static let listKeys = [
        "names", "classes", "class_names", "classnames", "categories", "id2label", "label2id", "class_to_idx",
        "idx_to_class",
    ]

    /// The rows of the list; nil for another structure.
    var rows: NumberedRows? {
        switch self {
        case .list(let list): Self.rows(list)
        case .object(let members): Self.rows(members)
        case .text, .number, .other: nil
        }
    }

    /// The structure in error messages.
    var words: String {
        switch self {
        case .text: "a text"
        case .number, .other: "neither a list nor an object"
        case .list(let list): list.isEmpty ? "an empty list" : "a list of something other than class names"
        case .object(let members): members.isEmpty ? "an empty object" : "an object without names and labels"
        }
    }

    /// The rows of `["cat"]`, `[["n02123045", "cat"]]` or `[{"id": 0, "name": "cat"}]`.
    private static func rows(_ list: [NameTree]) -> NumberedRows? {
        let entries = list.compactMap(\.entry)
        guard !list.isEmpty, entries.count == list.count else { return nil }
        return rows(entries)
    }

    /// The rows of `{"0": "cat"}`, `{"cat": 0}`, `{"0": ["n02123045", "cat"]}` or an object with such a value.
    private static func rows(_ members: [String: NameTree]) -> NumberedRows? {
        let sorted = members.sorted { $0.key < $1.key }
        let numbered = sorted.compactMap { name, value in
            if case .number(let number) = value { (number, name) } else { nil }
        }
        if !members.isEmpty, numbered.count == members.count {
            return NumberedRows(names: numbered.map { $0.1.trimmed }, numbers: numbered.map(\.0), keys: nil)
        }
        for key in listKeys {
            if let rows = members[key]?.rows { return rows }
        }
        let entries = sorted.compactMap { key, value -> Entry? in
            guard var entry = value.entry else { return nil }
            if let number = Int(key) { entry.number = number } else { entry.key = entry.key ?? key }
            return entry
        }
        guard !members.isEmpty, entries.count == members.count else { return nil }
        return rows(entries)
    }

    private struct Entry {
        var name: String
        var number: Int?
        var key: String?
    }

    /// The class of one element: a name, an identifier and a name, or an object with `name` and `id`.
    private var entry: Entry? {
        switch self {
        case .text(let name): return Entry(name: name.trimmed)
        case .list(let pair):
            guard pair.count == 2, case .text(let name) = pair[1] else { return nil }
            if case .number(let number) = pair[0] { return Entry(name: name.trimmed, number: number) }
            guard case .text(let key) = pair[0] else { return nil }
            return Entry(name: name.trimmed, key: key)
        case .object(let members):
            guard case .text(let name)? = members["name"] else { return nil }
            guard case .number(let number)? = members["id"] else { return Entry(name: name.trimmed) }
            return Entry(name: name.trimmed, number: number)
        case .number, .other: return nil
        }
    }

    /// The rows of `entries`, of which all have a label or a key, or none has.
    private static func rows(_ entries: [Entry]) -> NumberedRows? {
        let numbers = entries.compactMap(\.number)
        let keys = entries.compactMap(\.key)
        guard [0, entries.count].contains(numbers.count), [0, entries.count].contains(keys.count) else { return nil }
        return NumberedRows(
            names: entries.map(\.name), numbers: numbers.isEmpty ? nil : numbers, keys: keys.isEmpty ? nil : keys)
    }
}

extension NameList {
    /// Returns the entries of `names` in a YAML file such as YOLO's `data.yaml`, or of a file that is such a list.
    ///
    /// Entries keep their labels: `0: cat`. A Python dictionary of labels and names counts as well. Returns nil for a
    /// text that is no YAML.
    ///
    /// - Throws: `badData` for a YAML file without names.
    static func yamlRows(_ text: String, isYAML: Bool, _ path: String) throws(Fault) -> [String]? {
        let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).map(String.init)
        let start = lines.firstIndex { line in
            ["names:", "classes:", "class_names:"].contains { line.hasPrefix($0) }
        }
        if let start {
            let value = lines[start].drop { $0 != ":" }.dropFirst()
            let rest = [String(value)] + lines[(start + 1)...]
            if let (entries, _) = flowEntries(rest.joined(separator: "\n")) { return entries }
            let block = rest.dropFirst().prefix { line in
                line.trimmed.isEmpty || line.first == " " || line.first == "-" || line.first == "#"
            }
            let entries = block.map(entry).filter { !$0.isEmpty }
            if !entries.isEmpty { return entries }
        }
        if let (entries, rest) = flowEntries(text), rest.isEmpty { return entries }
        let entries = lines.map(entry).filter { !$0.isEmpty }
        let filled = lines.filter { !$0.trimmed.isEmpty && !$0.trimmed.hasPrefix("#") }
        if !filled.isEmpty, filled.allSatisfy({ $0.trimmed.hasPrefix("- ") }) { return entries }
        guard isYAML else { return nil }
        guard !entries.isEmpty, entries.allSatisfy({ $0.first?.isNumber == true }) else {
            throw .badData(
                path, found: "no list of names", expected: "'names:' with one class name per line",
                remedy: "write one name per line in a .txt file")
        }
        return entries
    }

    /// The name of one line, without list mark, quotation marks and comment; empty for other lines.
    private static func entry(_ line: String) -> String {
        var text = line.trimmed
        if text.hasPrefix("- ") { text = String(text.dropFirst(2)).trimmed }
        if let comment = text.firstRange(of: " #") { text = String(text[..<comment.lowerBound]).trimmed }
        return text.hasPrefix("#") ? "" : text.unquoted
    }

    /// The entries of `[cat, dog]` or `{0: cat, 1: dog}` at the start of `text`, and the rest; nil for other text.
    private static func flowEntries(_ text: String) -> (entries: [String], rest: String)? {
        let text = text.drop(while: \.isWhitespace)
        guard let open = text.first, open == "[" || open == "{" else { return nil }
        let close: Character = open == "[" ? "]" : "}"
        var entries: [String] = []
        var entry = ""
        var mark: Character?
        var last: Character = " "
        for index in text.indices.dropFirst() {
            let character = text[index]
            if mark == nil, character == close {
                entries.append(entry.trimmed)
                let rest = String(text[text.index(after: index)...]).trimmed
                return (entries.filter { !$0.isEmpty }.map(\.unquoted), rest)
            } else if mark == nil, character == "," {
                entries.append(entry.trimmed)
                entry = ""
            } else {
                entry.append(character.isNewline ? " " : character)
                // An apostrophe inside a word opens no quotation.
                if mark == nil, "'\"".contains(character), !last.isLetter {
                    mark = character
                } else if mark == character {
                    mark = nil
                }
            }
            last = character
        }
        return nil
    }
}

internal import Core

/// A file of templates or of sentences.
enum PromptFile {
    case templates([String])
    case sentences(SentenceList)

    static let expected = "a JSON list of templates, an object of class names and lists of sentences, or a text file"
    /// Bytes of one text; CLIP reads the first 77 tokens, which are some 400.
    static let longestText = 4096

    /// Reads a `.json` file, or a text file with a template a line.
    ///
    /// - Throws: `badData` with the line, class or byte that is wrong.
    static func read(_ path: String) throws(Fault) -> PromptFile {
        let file = try MappedFile(path: path)
        guard path.hasSuffix(".json") else { return .templates(try lines(file)) }
        var reader = PromptFileReader(path: path)
        try JSONWalk.walk(file, expected: expected) { event throws(Fault) in try reader.handle(event) }
        return reader.file
    }

    private static func lines(_ file: borrowing MappedFile) throws(Fault) -> [String] {
        guard let span = try? UTF8Span(validating: Span<UInt8>(_bytes: file.bytes)) else {
            throw .badData(
                file.path, found: "bytes that are no UTF-8 text", expected: "a template a line, or a file named *.json",
                remedy: "save it as UTF-8")
        }
        var text = String(copying: span)
        // Some editors start a file with a byte order mark.
        if text.unicodeScalars.first == "\u{FEFF}" { text.unicodeScalars.removeFirst() }
        var templates: [String] = []
        for (number, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated()
        where line.contains(where: { !$0.isWhitespace }) {
            try check(template: String(line), file.path, at: "line \(number + 1)")
            templates.append(String(line))
        }
        guard !templates.isEmpty else {
            throw .badData(file.path, found: "no template", expected: "one a line", remedy: "write one")
        }
        return templates
    }

    /// Refuses a template in which no class's name would stand.
    static func check(template: String, _ path: String, at place: @autoclosure () -> String) throws(Fault) {
        try check(text: template, path, at: place())
        guard template.contains("{}") else {
            throw .badData(
                path, found: "no '{}' at \(place()): '\(template.prefix(60))'",
                expected: "'{}' where the class's name goes, as in 'a photo of a {}.'",
                remedy: "write it in, or name a file of sentences *.json")
        }
    }

    /// Refuses what no encoder could read.
    static func check(text: String, _ path: String, at place: @autoclosure () -> String) throws(Fault) {
        let found: String
        if text.utf8.count > longestText {
            found = "a text of \(text.utf8.count) bytes"
        } else if !text.contains(where: { !$0.isWhitespace }) {
            found = "an empty text"
        } else if text.utf8.contains(0) {
            found = "a zero byte in a text"
        } else {
            return
        }
        throw .badData(
            path, found: "\(found) at \(place())", expected: "1 to \(longestText) bytes of text",
            remedy: "correct the file")
    }
}

/// Makes a prompt file of JSON events.
struct PromptFileReader {
    private enum Place {
        case start, templates, keys, value, sentences, end
    }

    let path: String
    private var place = Place.start
    private var isList = false
    private var templates: [String] = []
    private var list: SentenceList
    private var rows: [String: Int] = [:]

    init(path: String) {
        self.path = path
        list = SentenceList(path: path)
    }

    var file: PromptFile { isList ? .templates(templates) : .sentences(list) }

    mutating func handle(_ event: JSONEvent) throws(Fault) {
        switch place {
        case .start: try start(event)
        case .templates: try template(event)
        case .keys: try key(event)
        case .value:
            guard case .beginArray = event else { throw wrong(event, "a list of sentences for '\(list.lastKey)'") }
            place = .sentences
        case .sentences: try sentence(event)
        case .end: throw wrong(event, "nothing after the end")
        }
    }

    private mutating func start(_ event: JSONEvent) throws(Fault) {
        switch event {
        case .beginArray: (place, isList) = (.templates, true)
        case .beginObject: place = .keys
        default: throw wrong(event, PromptFile.expected)
        }
    }

    private mutating func template(_ event: JSONEvent) throws(Fault) {
        switch event {
        case .string(let text):
            let text = String(copying: text)
            try PromptFile.check(template: text, path, at: "item \(templates.count)")
            templates.append(text)
        case .endArray:
            guard !templates.isEmpty else { throw wrong("an empty list", "at least one template") }
            place = .end
        default: throw wrong(event, "a text at item \(templates.count)")
        }
    }

    private mutating func key(_ event: JSONEvent) throws(Fault) {
        guard case .key(let text) = event else {
            guard !rows.isEmpty else { throw wrong("an empty object", "sentences for at least one class") }
            place = .end
            return
        }
        guard text.count <= PromptFile.longestText else {
            throw wrong("a class's name of \(text.count) bytes", "a name")
        }
        let key = String(copying: text)
        guard rows.updateValue(rows.count, forKey: key) == nil else {
            throw wrong("the class '\(key)' twice", "each class once")
        }
        list.append(key)
        place = .value
    }

    private mutating func sentence(_ event: JSONEvent) throws(Fault) {
        let key = list.lastKey
        switch event {
        case .string(let text):
            let text = String(copying: text)
            try PromptFile.check(text: text, path, at: "sentence \(list.lastCount) of '\(key)'")
            guard !text.contains("{}") else {
                throw wrong("'{}' in sentence \(list.lastCount) of '\(key)'", "sentences, which name the class already")
            }
            list.appendToLast(text)
        case .endArray:
            guard list.lastCount > 0 else { throw wrong("no sentence for '\(key)'", "at least one") }
            place = .keys
        default: throw wrong(event, "a text as sentence \(list.lastCount) of '\(key)'")
        }
    }

    private func wrong(_ event: JSONEvent, _ expected: String) -> Fault { wrong(event.name, expected) }

    private func wrong(_ found: String, _ expected: String) -> Fault {
        .badData(path, found: found, expected: expected, remedy: "correct the file")
    }
}

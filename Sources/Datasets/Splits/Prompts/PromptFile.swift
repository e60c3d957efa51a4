internal import Core

/// The content of a prompt file: templates, or sentences per class.
enum PromptFile {
    case templates([String])
    case sentences(SentenceList)

    static let expected = "a JSON list of templates, an object of class names and lists of sentences, or a text file"
    /// The maximum size of one prompt in bytes; CLIP reads the first 77 tokens, about 400 bytes.
    static let longestText = 4096

    /// Reads a `.json` file, or a text file with one template per line, as ``CopiedLines`` reads it.
    ///
    /// - Throws: `badData` with the line, class or byte of the error.
    static func read(_ path: String) throws(Fault) -> PromptFile {
        let file = try TextFile(path: path)
        guard path.lowercased().hasSuffix(".json") else { return .templates(try lines(file)) }
        var reader = PromptFileReader(path: path)
        try JSONWalk.walk(file, expected: expected) { event throws(Fault) in try reader.handle(event) }
        return reader.file
    }

    private static func lines(_ file: borrowing TextFile) throws(Fault) -> [String] {
        let templates = try CopiedLines(file.string()).lines.map { line throws(Fault) in
            try check(template: line.text, file.path, at: "line \(line.number)")
            return line.text
        }
        guard !templates.isEmpty else {
            throw .badData(file.path, found: "no template", expected: "one template per line", remedy: "add a template")
        }
        return templates
    }

    /// Checks that a template has a place for the class name.
    static func check(template: String, _ path: String, at place: @autoclosure () -> String) throws(Fault) {
        try check(text: template, path, at: place())
        guard template.contains("{}") else {
            throw .badData(
                path, found: "no '{}' at \(place()): '\(template.prefix(60))'",
                expected: "'{}' in the place of the class name, as in 'a photo of a {}.'",
                remedy: "add '{}', or name a sentence file *.json")
        }
    }

    /// Checks that an encoder can read a prompt.
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

/// The reader of a prompt file, from JSON events.
struct PromptFileReader {
    private let path: String
    /// The number of open lists and objects.
    private var depth = 0
    private var isList = false
    private var templates: [String] = []
    private var list: SentenceList
    private var keys: Set<String> = []

    init(path: String) {
        self.path = path
        list = SentenceList(path: path)
    }

    var file: PromptFile { isList ? .templates(templates) : .sentences(list) }

    mutating func handle(_ event: JSONEvent) throws(Fault) {
        switch (depth, event) {
        case (0, .beginArray):
            isList = true
            depth = 1
        case (0, .beginObject): depth = 1
        case (0, _): throw unexpected(event.name, PromptFile.expected)
        case (1, .string(let text)) where isList:
            let text = String(copying: text)
            try PromptFile.check(template: text, path, at: "item \(templates.count)")
            templates.append(text)
        case (1, .endArray):
            guard !templates.isEmpty else { throw unexpected("an empty list", "at least one template") }
        case (1, _) where isList: throw unexpected(event.name, "a text at item \(templates.count)")
        case (1, .key(let text)): try key(text)
        case (1, .beginArray): depth = 2
        case (1, .endObject):
            guard !keys.isEmpty else { throw unexpected("an empty object", "sentences for at least one class") }
        case (1, _): throw unexpected(event.name, "a list of sentences for '\(list.lastKey)'")
        default: try sentence(event)
        }
    }

    private mutating func key(_ text: Span<UInt8>) throws(Fault) {
        guard text.count <= PromptFile.longestText else {
            throw unexpected("a class name of \(text.count) bytes", "at most \(PromptFile.longestText) bytes")
        }
        let key = String(copying: text)
        guard keys.insert(key).inserted else { throw unexpected("the class '\(key)' twice", "each class once") }
        list.append(key)
    }

    private mutating func sentence(_ event: JSONEvent) throws(Fault) {
        let key = list.lastKey
        switch event {
        case .string(let text):
            let text = String(copying: text)
            try PromptFile.check(text: text, path, at: "sentence \(list.lastCount) of '\(key)'")
            guard !text.contains("{}") else {
                throw unexpected(
                    "'{}' in sentence \(list.lastCount) of '\(key)'", "sentences that contain the class name itself")
            }
            list.appendToLast(text)
        case .endArray:
            guard list.lastCount > 0 else { throw unexpected("no sentence for '\(key)'", "at least one sentence") }
            depth = 1
        default: throw unexpected(event.name, "a text as sentence \(list.lastCount) of '\(key)'")
        }
    }

    private func unexpected(_ found: String, _ expected: String) -> Fault {
        .badData(path, found: found, expected: expected, remedy: "correct the file")
    }
}

internal import CYAML

/// The reason why a text is no YAML, or none that is read here.
struct YAMLProblem: Error {
    /// The place, the problem and the line of the text that has it.
    let sentence: String
}

/// Composes the value of a YAML text from the events of libyaml.
@safe struct YAMLParser: ~Copyable {
    /// A position in the text, counted from 1.
    private struct Place: CustomStringConvertible {
        let line: Int
        let column: Int
        var description: String { "\(line):\(column)" }

        init(_ mark: yaml_mark_t) {
            line = mark.line + 1
            column = mark.column + 1
        }

        /// The place after the text `start`.
        init(after start: String) {
            let lines = start.lines
            line = lines.count
            column = (lines.last?.unicodeScalars.count ?? 0) + 1
        }
    }

    private enum Event {
        case scalar(YAMLScalar, anchor: String?)
        case sequenceStart(anchor: String?)
        case mappingStart(anchor: String?)
        case alias(String)
        /// The end of a sequence or mapping.
        case end
        case streamEnd
        /// The start of the stream, and the start and end of a document.
        case border
    }

    /// The limit of sequences and mappings in each other, which protects the stack.
    private static let depthLimit = 1000

    private let text: String
    private let parser: UnsafeMutablePointer<yaml_parser_t>
    /// The place of the last event.
    private var place = Place(yaml_mark_t())
    private var anchored: [String: YAMLNode] = [:]

    /// The value of the only document in `text`; nil for a text without one.
    static func root(of text: String) throws(YAMLProblem) -> YAMLNode? {
        let bytes = Array(text.utf8)
        return unsafe try bytes.withUnsafeBufferPointer { bytes throws(YAMLProblem) in
            var parser = unsafe YAMLParser(text, bytes)
            return try parser.root()
        }
    }

    /// Prepares to parse `bytes`, which are those of `text` and outlive the parser.
    private init(_ text: String, _ bytes: UnsafeBufferPointer<UInt8>) {
        self.text = text
        unsafe parser = .allocate(capacity: 1)
        guard unsafe yaml_parser_initialize(parser) == 1 else { preconditionFailure("no memory for a YAML parser") }
        unsafe yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
        unsafe yaml_parser_set_input_string(parser, bytes.baseAddress, bytes.count)
    }

    deinit {
        unsafe yaml_parser_delete(parser)
        unsafe parser.deallocate()
    }

    private mutating func root() throws(YAMLProblem) -> YAMLNode? {
        _ = try next()
        if case .streamEnd = try next() { return nil }
        let root = try node(try next(), depth: 0)
        _ = try next()
        guard case .streamEnd = try next() else {
            throw YAMLProblem(
                sentence: "\(place): error: composer: expected a single document in the stream in line 1, column 1 "
                    + "but found another document:")
        }
        return root
    }

    /// Returns the value that starts with `event`.
    private mutating func node(_ event: Event, depth: Int) throws(YAMLProblem) -> YAMLNode {
        guard depth <= Self.depthLimit else { throw problem("composer", "more than \(Self.depthLimit) levels") }
        let node: YAMLNode
        let name: String?
        switch event {
        case .alias(let name):
            guard let node = anchored[name] else { throw problem("composer", "found undefined alias") }
            return node
        case .scalar(let scalar, let anchor):
            node = .scalar(scalar)
            name = anchor
        case .sequenceStart(let anchor):
            node = .sequence(try items(depth: depth))
            name = anchor
        case .mappingStart(let anchor):
            node = .mapping(try pairs(depth: depth))
            name = anchor
        case .end, .streamEnd, .border: preconditionFailure("libyaml's events are not nested")
        }
        if let name { anchored[name] = node }
        return node
    }

    private mutating func items(depth: Int) throws(YAMLProblem) -> [YAMLNode] {
        var items: [YAMLNode] = []
        while true {
            let event = try next()
            if case .end = event { return items }
            items.append(try node(event, depth: depth + 1))
        }
    }

    private mutating func pairs(depth: Int) throws(YAMLProblem) -> [(key: YAMLNode, value: YAMLNode)] {
        var pairs: [(key: YAMLNode, value: YAMLNode)] = []
        while true {
            let event = try next()
            if case .end = event { break }
            let key = try node(event, depth: depth + 1)
            pairs.append((key, try node(try next(), depth: depth + 1)))
        }
        let counts = Dictionary(pairs.compactMap { $0.key.word.map { ($0, 1) } }, uniquingKeysWith: +)
        let repeated = counts.filter { $0.value > 1 }.keys.sorted().map { "'\($0)'" }.joined(separator: ", ")
        guard repeated.isEmpty else {
            throw YAMLProblem(
                sentence: "Parser: expected all keys to be unique but found the following duplicated key(s): "
                    + "\(repeated). Context:")
        }
        return pairs
    }
}

extension YAMLParser {
    /// Returns the next event, with `yaml_parser_parse`.
    private mutating func next() throws(YAMLProblem) -> Event {
        var event = unsafe yaml_event_t()
        guard unsafe yaml_parser_parse(parser, &event) == 1 else { throw failure() }
        defer { unsafe yaml_event_delete(&event) }
        place = Place(unsafe event.start_mark)
        switch unsafe event.type {
        case YAML_SCALAR_EVENT: return unsafe Self.scalar(event.data.scalar)
        case YAML_SEQUENCE_START_EVENT:
            return unsafe .sequenceStart(anchor: Self.string(event.data.sequence_start.anchor))
        case YAML_MAPPING_START_EVENT:
            return unsafe .mappingStart(anchor: Self.string(event.data.mapping_start.anchor))
        case YAML_ALIAS_EVENT: return unsafe .alias(Self.string(event.data.alias.anchor) ?? "")
        case YAML_SEQUENCE_END_EVENT, YAML_MAPPING_END_EVENT: return .end
        case YAML_STREAM_END_EVENT: return .streamEnd
        default: return .border
        }
    }

    private static func scalar(_ data: yaml_event_s.__Unnamed_union_data.__Unnamed_struct_scalar) -> Event {
        let bytes = unsafe UnsafeBufferPointer(start: data.value, count: data.length)
        let isString = unsafe data.quoted_implicit == 1 || string(data.tag) == YAML_STR_TAG
        let scalar = unsafe YAMLScalar(
            text: String(decoding: bytes, as: UTF8.self), isPlain: data.style == YAML_PLAIN_SCALAR_STYLE,
            isString: isString)
        return unsafe .scalar(scalar, anchor: string(data.anchor))
    }

    private static func string(_ bytes: UnsafePointer<UInt8>?) -> String? {
        unsafe bytes.map { unsafe String(cString: $0) }
    }

    /// The failure of the last call of libyaml.
    private func failure() -> YAMLProblem {
        let words = unsafe parser.pointee.problem.map { unsafe String(cString: $0) } ?? ""
        switch unsafe parser.pointee.error {
        case YAML_READER_ERROR:
            let start = unsafe text.utf8.prefix(parser.pointee.problem_offset)
            return problem("reader", words, at: Place(after: String(decoding: start, as: UTF8.self)))
        case YAML_SCANNER_ERROR: return unsafe failure("scanner", words, parser.pointee)
        case YAML_PARSER_ERROR: return unsafe failure("parser", words, parser.pointee)
        default: return YAMLProblem(sentence: "Memory error")
        }
    }

    private func failure(_ finder: String, _ words: String, _ parser: yaml_parser_t) -> YAMLProblem {
        let place = unsafe Place(parser.problem_mark)
        guard let context = unsafe parser.context.map({ unsafe String(cString: $0) }) else {
            return problem(finder, words, at: place)
        }
        let start = unsafe Place(parser.context_mark)
        let reason = "\(context) in line \(start.line), column \(start.column) \(words)"
        return YAMLProblem(sentence: "\(place): error: \(finder): \(reason):")
    }

    /// The problem `words` at a place, by default that of the last event, found by the part `finder` of the parser.
    private func problem(_ finder: String, _ words: String, at place: Place? = nil) -> YAMLProblem {
        let place = place ?? self.place
        let lines = text.lines
        let line = lines.indices.contains(place.line - 1) ? " \(lines[place.line - 1])" : ""
        return YAMLProblem(sentence: "\(place): error: \(finder): \(words):\(line)")
    }
}

extension String {
    /// The lines as YAML divides them, without their ends.
    fileprivate var lines: [Substring] {
        let ends: Set<Character> = ["\n", "\r", "\r\n", "\u{85}", "\u{2028}", "\u{2029}"]
        return split(omittingEmptySubsequences: false) { ends.contains($0) }
    }
}

package import Core

/// A JSON value in memory: a small document, or a small part of a large one.
package indirect enum JSONValue: Sendable, Equatable {
    case object([String: JSONValue])
    case array([JSONValue])
    case string(String)
    case integer(Int)
    /// A number that is not a 64-bit integer.
    case number(Double)
    case bool(Bool)
    case null

    package var string: String? { if case .string(let text) = self { text } else { nil } }
    package var integer: Int? { if case .integer(let value) = self { value } else { nil } }
    package var array: [JSONValue]? { if case .array(let values) = self { values } else { nil } }
    package var object: [String: JSONValue]? { if case .object(let members) = self { members } else { nil } }

    /// The elements of a list of strings; nil for any other value.
    package var strings: [String]? { elements(\.string) }

    /// The elements of a list of integers; nil for any other value.
    package var integers: [Int]? { elements(\.integer) }

    private func elements<Element>(_ read: (JSONValue) -> Element?) -> [Element]? {
        guard let array else { return nil }
        let values = array.compactMap(read)
        return values.count == array.count ? values : nil
    }

    /// Reads the file at `path`.
    ///
    /// - Throws: `badData` with the position of the syntax error, or the duplicate key.
    package init(fileAt path: String, expected: String) throws(Fault) {
        let file = try TextFile(path: path)
        try self.init(file.bytes, path: path, expected: expected)
    }

    /// Parses `bytes`; `path` and `expected` are for error messages.
    ///
    /// - Throws: `badData` with the position of the syntax error, or the duplicate key.
    package init(_ bytes: RawSpan, path: String, expected: String) throws(Fault) {
        var builder = JSONBuilder(path: path)
        var whole: JSONValue?
        try JSONWalk.walk(bytes, path: path, expected: expected) { event throws(Fault) in
            whole = try builder.add(event)
        }
        guard let whole else { throw .badData(path, found: "no JSON value", expected: expected) }
        self = whole
    }
}

/// The builder of a value from JSON events.
struct JSONBuilder {
    private enum Open {
        case array([JSONValue])
        case object([String: JSONValue], key: String?)
    }

    private let path: String
    private var open: [Open] = []

    init(path: String) { self.path = path }

    /// Adds the next event.
    ///
    /// - Returns: the value, once it is complete.
    mutating func add(_ event: JSONEvent) throws(Fault) -> JSONValue? {
        switch event {
        case .beginObject: open.append(.object([:], key: nil))
        case .beginArray: open.append(.array([]))
        case .key(let key): try name(String(copying: key))
        case .endObject, .endArray:
            switch open.removeLast() {
            case .array(let values): return insert(.array(values))
            case .object(let members, _): return insert(.object(members))
            }
        case .string(let text): return insert(.string(String(copying: text)))
        case .integer(let value): return insert(.integer(value))
        case .number(let value): return insert(.number(value))
        case .bool(let value): return insert(.bool(value))
        case .null: return insert(.null)
        }
        return nil
    }

    private mutating func name(_ key: String) throws(Fault) {
        guard case .object(let members, _) = open.removeLast() else { preconditionFailure("a key outside an object") }
        guard members[key] == nil else {
            throw .badData(path, found: "the key '\(key)' twice", expected: "each key once", remedy: "correct the file")
        }
        open.append(.object(members, key: key))
    }

    private mutating func insert(_ value: JSONValue) -> JSONValue? {
        guard let last = open.popLast() else { return value }
        switch last {
        case .array(var values):
            values.append(value)
            open.append(.array(values))
        case .object(var members, let key):
            guard let key else { preconditionFailure("a member without a key") }
            members[key] = value
            open.append(.object(members, key: nil))
        }
        return nil
    }
}

internal import Splits

/// A JSON document whose keys keep their order in the source.
enum OrderedJSON: ExpressibleByStringLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral {
    case text(String)
    case integer(Int)
    case list([OrderedJSON])
    case object([(String, OrderedJSON)])

    init(stringLiteral value: String) { self = .text(value) }
    init(arrayLiteral elements: OrderedJSON...) { self = .list(elements) }
    init(dictionaryLiteral elements: (String, OrderedJSON)...) { self = .object(elements) }

    /// The text itself if it is the only one, or else a list.
    init(oneOrMore texts: [String]) { self = texts.count == 1 ? .text(texts[0]) : .list(texts.map { .text($0) }) }

    /// The document as text, indented by two spaces per level, with small values on one line.
    func page() -> String { page(indent: "\n") + "\n" }

    private func page(indent: String) -> String {
        let inner = isFlat ? "" : indent + "  "
        func joined(_ values: [String]) -> String {
            isFlat ? values.joined(separator: ", ") : inner + values.joined(separator: ",\(inner)") + indent
        }
        return switch self {
        case .text(let text): Self.quoted(text)
        case .integer(let value): "\(value)"
        case .list(let values): "[\(joined(values.map { $0.page(indent: inner) }))]"
        case .object(let members):
            "{\(joined(members.map { "\(Self.quoted($0)): \($1.page(indent: inner))" }))}"
        }
    }

    private static func quoted(_ text: String) -> String {
        var bytes: [UInt8] = []
        JSONText.append(text.utf8, to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The elements of a list or an object; nil for other values.
    private var elements: [OrderedJSON]? {
        switch self {
        case .text, .integer: nil
        case .list(let values): values
        case .object(let members): members.map(\.1)
        }
    }

    /// Whether the value fits on one line: at most two elements, without nested lists and objects.
    private var isFlat: Bool {
        let elements = elements ?? []
        return elements.count <= 2 && elements.allSatisfy { $0.elements == nil }
    }
}

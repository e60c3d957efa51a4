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

    /// The document as text, indented by two spaces per level, with small values on one line.
    func page() -> String {
        var bytes: [UInt8] = []
        append(to: &bytes, depth: 0)
        return String(decoding: bytes, as: UTF8.self) + "\n"
    }

    private func append(to bytes: inout [UInt8], depth: Int) {
        switch self {
        case .text(let text): JSONText.append(text.utf8, to: &bytes)
        case .integer(let value): bytes += Array("\(value)".utf8)
        case .list(let values):
            Self.append(values.count, "[", "]", to: &bytes, depth, isFlat: isFlat) { index, bytes, depth in
                values[index].append(to: &bytes, depth: depth)
            }
        case .object(let members):
            Self.append(members.count, "{", "}", to: &bytes, depth, isFlat: isFlat) { index, bytes, depth in
                JSONText.append(members[index].0.utf8, to: &bytes)
                bytes += Array(": ".utf8)
                members[index].1.append(to: &bytes, depth: depth)
            }
        }
    }

    private static func append(
        _ count: Int, _ opening: String, _ closing: String, to bytes: inout [UInt8], _ depth: Int, isFlat: Bool,
        _ element: (Int, inout [UInt8], Int) -> Void
    ) {
        bytes += Array(opening.utf8)
        for index in 0 ..< count {
            if index > 0 { bytes += Array(isFlat ? ", ".utf8 : ",".utf8) }
            if !isFlat { bytes += Array("\n\(String(repeating: "  ", count: depth + 1))".utf8) }
            element(index, &bytes, depth + 1)
        }
        if !isFlat, count > 0 { bytes += Array("\n\(String(repeating: "  ", count: depth))".utf8) }
        bytes += Array(closing.utf8)
    }

    /// Whether the value fits on one line: at most two elements, without nested lists and objects.
    private var isFlat: Bool {
        let values: [OrderedJSON]
        switch self {
        case .text, .integer: return true
        case .list(let elements): values = elements
        case .object(let members): values = members.map(\.1)
        }
        return values.count <= 2
            && values.allSatisfy {
                switch $0 {
                case .text, .integer: true
                case .list, .object: false
                }
            }
    }
}

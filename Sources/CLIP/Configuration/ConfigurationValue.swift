/// A value in a configuration file.
enum ConfigurationValue: Sendable, Equatable {
    case null
    case boolean(Bool)
    case number(Double)
    case text(String)
    case list([ConfigurationValue])
    case object([String: ConfigurationValue])

    /// The number, if it is an integer.
    var integer: Int? { if case .number(let number) = self { Int(exactly: number) } else { nil } }
}

extension ConfigurationValue: Decodable {
    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let value = try? container.decode(Bool.self) {
            self = .boolean(value)
        } else if let value = try? container.decode(Double.self) {
            self = .number(value)
        } else if let value = try? container.decode(String.self) {
            self = .text(value)
        } else if let value = try? container.decode([Self].self) {
            self = .list(value)
        } else {
            self = .object(try container.decode([String: Self].self))
        }
    }
}

extension ConfigurationValue: CustomStringConvertible {
    /// The value as error messages quote it.
    var description: String {
        switch self {
        case .null: "null"
        case .boolean(let value): "\(value)"
        case .number(let number): integer.map(String.init) ?? "\(number)"
        case .text(let text): "'\(text)'"
        case .list(let values): "[\(values.map(\.description).joined(separator: ", "))]"
        case .object(let values):
            "{\(values.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }.joined(separator: ", "))}"
        }
    }
}

public import Core
internal import Foundation

/// The settings of a method, each with a default and a name.
public protocol MethodSettings: Codable, Sendable, Equatable {
    /// The defaults.
    init()
    /// Throws `configuration` for a setting that cannot be used.
    func check() throws(Fault)
}

/// The value of a setting from an option, a YAML file, or code.
public enum SettingValue: Sendable, Equatable, Codable, CustomStringConvertible {
    case number(Double)
    case text(String)
    case switched(Bool)
    case list([Double])

    /// Parses `0.5`, `true`, `[7, 3]`, or `7,3`; other text is taken unchanged.
    public init(parsing text: String) {
        let bare = text.trimmingCharacters(in: .whitespaces)
        if let number = Double(bare) {
            self = .number(number)
        } else if let value = Bool(bare) {
            self = .switched(value)
        } else {
            let inner = bare.hasPrefix("[") && bare.hasSuffix("]") ? String(bare.dropFirst().dropLast()) : bare
            let items = inner.split(separator: ",").map { Double($0.trimmingCharacters(in: .whitespaces)) }
            let numbers = items.compactMap { $0 }
            self = !items.isEmpty && numbers.count == items.count ? .list(numbers) : .text(text)
        }
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let value = try? container.decode(Bool.self) {
            self = .switched(value)
        } else if let value = try? container.decode(Double.self) {
            self = .number(value)
        } else if let value = try? container.decode([Double].self) {
            self = .list(value)
        } else {
            self = .text(try container.decode(String.self))
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .number(let value):
            // A whole number is written as an integer, so that it can be read as one.
            if let whole = Int(exactly: value) { try container.encode(whole) } else { try container.encode(value) }
        case .switched(let value): try container.encode(value)
        case .list(let values): try container.encode(values)
        case .text(let value): try container.encode(value)
        }
    }

    public var description: String {
        switch self {
        case .number(let value): Int(exactly: value).map(String.init) ?? "\(value)"
        case .switched(let value): "\(value)"
        case .list(let values): values.map { "\($0)" }.joined(separator: ",")
        case .text(let value): value
        }
    }
}

extension SettingValue: ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral, ExpressibleByArrayLiteral {
    public init(integerLiteral value: Int) { self = .number(Double(value)) }
    public init(floatLiteral value: Double) { self = .number(value) }
    public init(arrayLiteral values: Double...) { self = .list(values) }
}

extension MethodSettings {
    /// All settings, by name.
    public var values: [String: SettingValue] {
        guard let data = try? JSONEncoder().encode(self),
            let values = try? JSONDecoder().decode([String: SettingValue].self, from: data)
        else { preconditionFailure("\(Self.self) has a setting that is no number, text, switch or list") }
        return values
    }

    /// The names of the settings, sorted.
    public static var names: [String] { Self().values.keys.sorted() }

    /// The defaults, with `given` laid over them.
    ///
    /// - Throws: `configuration` for an unknown name or an invalid value.
    public init(overlaying given: [String: SettingValue], method: String) throws(Fault) {
        let defaults = Self().values
        for name in given.keys.sorted() where defaults[name] == nil {
            throw .configuration(
                "\(method).\(name)", found: "an unknown setting",
                expected: "one of \(defaults.keys.sorted().joined(separator: ", "))", remedy: "correct its name")
        }
        for (name, value) in given.sorted(by: { $0.key < $1.key }) {
            do {
                let data = try JSONEncoder().encode(defaults.merging([name: value]) { $1 })
                _ = try JSONDecoder().decode(Self.self, from: data)
            } catch {
                throw .configuration(
                    "\(method).\(name)", found: "'\(value)'",
                    expected: "a value like \(defaults[name]?.description ?? "")",
                    remedy: "correct it")
            }
        }
        do {
            let data = try JSONEncoder().encode(defaults.merging(given) { $1 })
            self = try JSONDecoder().decode(Self.self, from: data)
        } catch {
            throw .configuration(method, found: "settings that do not fit together: \(error)")
        }
        try check()
    }

    /// Throws `configuration` for a value outside `range`.
    func require(_ name: String, _ value: Float, in range: ClosedRange<Float>) throws(Fault) {
        guard range.contains(value) else {
            throw .configuration(
                name, found: "\(value)", expected: "\(range.lowerBound) to \(range.upperBound)", remedy: "correct it")
        }
    }
}

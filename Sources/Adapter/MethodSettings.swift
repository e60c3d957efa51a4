public import Core
internal import FoundationEssentials

/// The settings of a method, each with a default and a name.
public protocol MethodSettings: Codable, Sendable, Equatable {
    /// The defaults.
    init()
    /// Throws `configuration` for a setting that cannot be used.
    func check() throws(Fault)
}

/// The ranges of the numbers among the settings; a name has one meaning in all methods.
private let settingRanges: [String: ClosedRange<Float>] = [
    "C": 1e-8 ... 1e8, "alpha": 0 ... 1e4, "alpha_interval": 1 ... 1e6, "batch_size": 1 ... 1e6, "beta": 0 ... 1e3,
    "dropout": 0 ... 0.99, "epochs": 0 ... 1e5, "eps": 1e-12 ... 1, "eta": 0 ... 1, "gamma": 0 ... 1e4,
    "initial_alpha": 0 ... 1e5, "iterations": 0 ... 1e6, "iw": 1 ... 64, "lambda": 1e-4 ... 1e4, "lr": 0 ... 100,
    "lr1": 0 ... 1e4, "lr2": 0 ... 1e4, "ls1": 0 ... 1e6, "ls2": 0 ... 1e6, "ls3": 0 ... 1e6, "margin": -1 ... 1,
    "momentum": 0 ... 0.9999, "prompts": 0 ... 1e5, "prototypes": 0 ... 1024, "ratio": 0 ... 1, "reduction": 1 ... 1024,
    "samples": 1 ... 65536, "shots": 1 ... 1e6, "t1": 0.02 ... 100, "t2": 0.02 ... 100, "t3": 0.02 ... 100,
    "ta": 0 ... 1, "text_length": 1e-3 ... 1e3, "text_ratio": 0 ... 1, "text_share": 0 ... 1, "warm_up": 0 ... 1e6,
    "weight_decay": 0 ... 100,
]

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
        func decoded(_ overlay: [String: SettingValue]) throws -> Self {
            try JSONDecoder().decode(Self.self, from: try JSONEncoder().encode(defaults.merging(overlay) { $1 }))
        }
        let names = given.keys.sorted()
        for name in names where defaults[name] == nil {
            throw .configuration(
                "\(method).\(name)", found: "an unknown setting",
                expected: "one of \(defaults.keys.sorted().joined(separator: ", "))", remedy: "correct its name")
        }
        for name in names where (try? decoded([name: given[name] ?? .text("")])) == nil {
            throw .configuration(
                "\(method).\(name)", found: "'\(given[name]?.description ?? "")'",
                expected: "a value like \(defaults[name]?.description ?? "")", remedy: "correct it")
        }
        do {
            self = try decoded(given)
        } catch {
            throw .configuration(method, found: "settings that do not fit together: \(error)")
        }
        try check()
    }

    /// Throws `configuration` for a number outside the range of its name.
    public func check() throws(Fault) { try checkRanges() }

    func checkRanges() throws(Fault) {
        for case (let name?, let value) in Mirror(reflecting: self).children {
            guard let range = settingRanges[name], let number = value as? Float ?? (value as? Int).map(Float.init)
            else { continue }
            try require(name, number, in: range)
        }
    }

    /// Throws `configuration` for a value outside `range`.
    func require(_ name: String, _ value: Float, in range: ClosedRange<Float>) throws(Fault) {
        guard range.contains(value) else {
            throw .configuration(
                name, found: "\(value)", expected: "\(range.lowerBound) to \(range.upperBound)", remedy: "correct it")
        }
    }
}

/// The value of a setting from an option, a YAML file, or code.
public enum SettingValue: Sendable, Equatable, Codable, CustomStringConvertible {
    case number(Double)
    case text(String)
    case switched(Bool)
    case list([Double])

    /// Parses `0.5`, `true`, `[7, 3]`, or `7,3`; other text is taken unchanged.
    public init(parsing text: String) {
        let bare = text.withoutOuterSpaces
        if let number = Double(bare) {
            self = .number(number)
        } else if let value = Bool(bare) {
            self = .switched(value)
        } else {
            let inner = bare.hasPrefix("[") && bare.hasSuffix("]") ? String(bare.dropFirst().dropLast()) : bare
            let items = inner.split(separator: ",").map { Double($0.withoutOuterSpaces) }
            let numbers = items.compactMap { $0 }
            self = !items.isEmpty && numbers.count == items.count ? .list(numbers) : .text(text)
        }
    }

    /// Decodes a Boolean, a number, a list of numbers, or a text.
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

    /// Encodes the bare value.
    public func encode(to encoder: any Encoder) throws {
        switch self {
        case .number(let value):
            // A whole number is written as an integer, so that it can be read as one.
            if let whole = Int(exactly: value) { try whole.encode(to: encoder) } else { try value.encode(to: encoder) }
        case .switched(let value): try value.encode(to: encoder)
        case .list(let values): try values.encode(to: encoder)
        case .text(let value): try value.encode(to: encoder)
        }
    }

    /// The value as it is parsed.
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
    /// A number.
    public init(integerLiteral value: Int) { self = .number(Double(value)) }
    /// A number.
    public init(floatLiteral value: Double) { self = .number(value) }
    /// A list of numbers.
    public init(arrayLiteral values: Double...) { self = .list(values) }
}

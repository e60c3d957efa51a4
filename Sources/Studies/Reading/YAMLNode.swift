/// A value of a YAML text.
enum YAMLNode: Sendable {
    case scalar(YAMLScalar)
    case sequence([YAMLNode])
    /// The keys and values, in the order of the text.
    case mapping([(key: YAMLNode, value: YAMLNode)])

    /// The text of a scalar; nil for other values.
    var word: String? {
        if case .scalar(let scalar) = self { scalar.text } else { nil }
    }

    /// The values of a sequence; nil for other values.
    var items: [YAMLNode]? {
        if case .sequence(let items) = self { items } else { nil }
    }

    /// The number that a scalar represents; nil for other values.
    var number: Double? {
        if case .scalar(let scalar) = self { scalar.number } else { nil }
    }
}

/// A text of a YAML file, which may represent a number or a truth value.
struct YAMLScalar: Sendable {
    /// The text without quotation marks.
    let text: String
    /// Whether the text has no quotation marks and is not a block.
    var isPlain = true
    /// Whether quotation marks, the form of a block or the tag `!!str` say that the text is no other value.
    var isString = false

    /// The truth value by the words of YAML 1.1; nil for other text.
    var flag: Bool? {
        guard !isString else { return nil }
        switch text.lowercased() {
        case "true", "yes", "on": return true
        case "false", "no", "off": return false
        default: return nil
        }
    }

    /// The number in a form of YAML 1.1, which has `1_000`, `.inf` and sexagesimal `1:30`; nil for other text.
    var number: Double? {
        guard isPlain else { return nil }
        switch text.lowercased() {
        case ".inf", "+.inf": return .infinity
        case "-.inf": return -.infinity
        case ".nan": return .nan
        default:
            let digits = text.filter { $0 != "_" }
            return digits.contains(":") ? Self.sexagesimal(digits) : Double(digits)
        }
    }

    private static func sexagesimal(_ text: String) -> Double? {
        let isNegative = text.hasPrefix("-")
        let digits = isNegative || text.hasPrefix("+") ? text.dropFirst() : text[...]
        var value = 0.0
        var unit = 1.0
        for part in digits.split(separator: ":", omittingEmptySubsequences: false).reversed() {
            guard let digit = Double(part) else { return nil }
            value += digit * unit
            unit *= 60
        }
        return isNegative ? -value : value
    }
}

extension Unicode.Scalar {
    /// Whether Python's `str.split` separates at it: Unicode's white space and four ASCII separators.
    var isPythonSpace: Bool {
        isASCII ? value == 0x20 || 0x09 ... 0x0D ~= value || 0x1C ... 0x1F ~= value : properties.isWhitespace
    }

    /// Whether Python's `\w` matches it.
    var isPythonWord: Bool {
        if self == "_" { return true }
        switch TextKind(self) {
        case .letter, .number: return true
        default: return false
        }
    }
}

/// The kinds of characters that CLIP's pattern distinguishes.
enum TextKind: UInt8 {
    case space
    case letter
    case number
    case other
    /// A character in no alternative of the pattern, which separates its neighbors.
    case skipped

    init(_ scalar: Unicode.Scalar) {
        if scalar.isASCII {
            self = Self.ascii[Int(scalar.value)]
            return
        }
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter: self = .letter
        case .decimalNumber, .letterNumber, .otherNumber: self = .number
        default:
            // U+0345 is a mark and not a letter, but its capital is a letter, and the pattern ignores case.
            self = scalar.value == 0x345 ? .skipped : scalar.properties.isWhitespace ? .space : .other
        }
    }

    static let ascii: [TextKind] = (0 ..< 128).map { value in
        switch value {
        case 0x09 ... 0x0D, 0x1C ... 0x20: .space
        case 0x30 ... 0x39: .number
        case 0x41 ... 0x5A, 0x61 ... 0x7A: .letter
        default: .other
        }
    }
}

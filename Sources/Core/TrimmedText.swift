extension StringProtocol {
    /// The text without white space and invisible characters at both ends.
    ///
    /// Spreadsheets, web pages and file managers leave non-breaking spaces, zero-width spaces, byte order marks and
    /// marks of direction around names.
    package var trimmed: String {
        let scalars = unicodeScalars
        guard let first = scalars.firstIndex(where: { !$0.isBlank }),
            let last = scalars.lastIndex(where: { !$0.isBlank })
        else { return "" }
        return String(String.UnicodeScalarView(scalars[first ... last]))
    }

    /// The text without spaces, zero-width spaces and tabs at both ends; line breaks stay.
    package var withoutOuterSpaces: String {
        let scalars = unicodeScalars
        func isKept(_ scalar: Unicode.Scalar) -> Bool {
            scalar != "\t" && scalar != "\u{200B}" && scalar.properties.generalCategory != .spaceSeparator
        }
        guard let first = scalars.firstIndex(where: isKept), let last = scalars.lastIndex(where: isKept) else {
            return ""
        }
        return String(String.UnicodeScalarView(scalars[first ... last]))
    }
}

extension Unicode.Scalar {
    /// Whether the character is white space or has no visible form; a joiner, which shapes letters, is neither.
    package var isBlank: Bool {
        switch value {
        case 0xAD, 0x200B, 0x200E, 0x200F, 0x202A ... 0x202E, 0x2060, 0x2066 ... 0x2069, 0xFEFF: true
        default: properties.isWhitespace
        }
    }
}

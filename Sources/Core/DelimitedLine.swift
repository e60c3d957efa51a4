/// A line of text with fields between separators.
package enum DelimitedLine {
    /// Returns the fields of `line`, without the quotation marks around a field.
    ///
    /// Separators inside quotation marks are part of the field, and two quotation marks there stand for one.
    package static func fields(_ line: String, separator: Unicode.Scalar) -> [String] {
        var fields: [String] = []
        var field = String.UnicodeScalarView()
        var isQuoted = false
        var isAfterQuote = false
        for scalar in line.unicodeScalars {
            if scalar == "\"", isQuoted || isAfterQuote || field.isEmpty {
                if isAfterQuote { field.append(scalar) }
                isAfterQuote = isQuoted
                isQuoted.toggle()
            } else if scalar == separator, !isQuoted {
                fields.append(String(field))
                field = String.UnicodeScalarView()
                isAfterQuote = false
            } else {
                field.append(scalar)
                isAfterQuote = false
            }
        }
        return fields + [String(field)]
    }
}

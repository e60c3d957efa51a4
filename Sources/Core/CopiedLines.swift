/// The lines of a text that was copied from a program or a document, without the marks that all of them have.
///
/// Marks are those of a list in Python (`templates = [`, quotation marks, commas, `lambda c: f'…'`), bullets, and
/// numbers that count the lines. Other text is unchanged.
package struct CopiedLines {
    /// A line and its number in the text, from 1.
    package struct Line: Equatable, Sendable {
        package let number: Int
        package let text: String

        /// Creates a line.
        package init(number: Int, text: String) {
            self.number = number
            self.text = text
        }
    }

    /// The lines that are not blank.
    package private(set) var lines: [Line]

    /// Reads the lines of `text`.
    package init(_ text: String) {
        let found = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).map(String.init)
        lines = found.enumerated().map { Line(number: $0 + 1, text: $1) }.filter { !$0.text.trimmed.isEmpty }
        removeBrackets()
        // A function of Python, before the quotation marks in it.
        replaceAll(Self.withoutLambda)
        for mark in ["'", "\"", "`"] as [Character] { replaceAll { Self.withoutQuotationMarks($0, mark) } }
        for bullet in ["- ", "* ", "• "] { replaceAll { Self.without(bullet, $0) } }
        removeNumbers()
    }

    /// Replaces all lines, of which there are two or more, unless `replacement` is nil for one.
    private mutating func replaceAll(_ replacement: (String) -> String?) {
        let replaced = lines.compactMap { line in
            replacement(line.text.trimmed).map { Line(number: line.number, text: $0) }
        }
        if replaced.count == lines.count, lines.count > 1 { lines = replaced }
    }

    /// Removes `names = [` and `]` around the lines.
    private mutating func removeBrackets() {
        guard lines.count > 2, let first = lines.first?.text.trimmed, let last = lines.last?.text.trimmed,
            let bracket = first.last, let end = ["[": "]", "(": ")", "{": "}"][bracket],
            [end, "\(end),", "\(end);"].contains(last)
        else { return }
        let name = first.dropLast().trimmed
        let isAssignment = name.hasSuffix("=") && !name.contains("'") && !name.contains("\"")
        if name.isEmpty || isAssignment { lines = Array(lines.dropFirst().dropLast()) }
    }

    /// The template in `lambda c: f'a photo of a {c}.'`, with `{}` for the argument; nil for another line.
    private static func withoutLambda(_ line: String) -> String? {
        guard line.hasPrefix("lambda "), let colon = line.firstIndex(of: ":") else { return nil }
        let argument = line[..<colon].dropFirst(7).trimmed
        let body = line[line.index(after: colon)...].trimmed
        guard body.hasPrefix("f"), !argument.isEmpty else { return nil }
        let text = body.dropFirst().trimmed
        guard let mark = text.first, let template = withoutQuotationMarks(text, mark) else { return nil }
        return template.replacing("{\(argument)}", with: "{}")
    }

    /// The text between two quotation marks, before an optional comma; nil for another line.
    private static func withoutQuotationMarks(_ line: String, _ mark: Character) -> String? {
        let text = line.hasSuffix(",") ? line.dropLast().trimmed : line
        guard text.count > 2, text.first == mark, text.last == mark, "'\"`".contains(mark) else { return nil }
        let inner = text.dropFirst().dropLast()
        let plain = inner.replacing("\\\(mark)", with: "")
        return plain.contains(mark) ? nil : String(inner).replacing("\\\(mark)", with: String(mark))
    }

    private static func without(_ bullet: String, _ line: String) -> String? {
        line.hasPrefix(bullet) ? line.dropFirst(bullet.count).trimmed : nil
    }

    /// Removes the numbers `1.`, `2.`, … or `1)`, `2)`, … before the lines.
    private mutating func removeNumbers() {
        for separator in [". ", ") "] {
            let starts = lines.indices.map { "\($0 + 1)\(separator)" }
            guard lines.count > 1, zip(lines, starts).allSatisfy({ $0.text.trimmed.hasPrefix($1) }) else { continue }
            lines = zip(lines, starts).map {
                Line(number: $0.number, text: $0.text.trimmed.dropFirst($1.count).trimmed)
            }
        }
    }
}

/// HTML markup in which interpolated text is escaped.
///
/// Literals are used as markup; interpolated values are escaped unless they are markup themselves.
struct HTML: ExpressibleByStringInterpolation, Sendable, Equatable {
    private(set) var markup: String

    init(stringLiteral markup: String) { self.markup = markup }
    init(stringInterpolation: Interpolation) { markup = stringInterpolation.markup }

    /// Creates markup from a trusted string.
    init(markup: String) { self.markup = markup }

    struct Interpolation: StringInterpolationProtocol {
        fileprivate var markup = ""

        init(literalCapacity: Int, interpolationCount: Int) { markup.reserveCapacity(literalCapacity) }

        mutating func appendLiteral(_ literal: String) { markup += literal }
        mutating func appendInterpolation(_ text: some StringProtocol) { markup += escaped(text, escapes) }
        mutating func appendInterpolation(_ number: Int) { markup += "\(number)" }
        mutating func appendInterpolation(_ html: HTML) { markup += html.markup }
        mutating func appendInterpolation(_ pieces: [HTML]) { for piece in pieces { markup += piece.markup } }
    }

    static func += (a: inout HTML, b: HTML) { a.markup += b.markup }
}

/// The escapes of characters in an element or a quoted attribute.
private let escapes: [Unicode.Scalar: String] = [
    "&": "&amp;", "<": "&lt;", ">": "&gt;", "\"": "&quot;", "'": "&#39;",
]

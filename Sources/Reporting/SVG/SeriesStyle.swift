/// The style that distinguishes a line: its color, marks, and dashes.
struct SeriesStyle {
    /// The number of one of the eight colors of the style sheet.
    let color: Int
    private let shape: Int
    /// The lengths of dashes and gaps; empty for a solid line.
    private let dashes: String

    /// Creates the style of a number; the first 64 styles are distinct.
    init(_ number: Int) {
        color = number % 8
        shape = (number + number / 8) % 8
        dashes = ["", "7 3", "2 3"][number / 8 % 3]
        levelDashes = number == 0 ? "2 4" : ["9 4", "9 4 2 4"][number % 2]
    }

    /// Returns the mark at a point as part of a path.
    func mark(_ x: Double, _ y: Double, radius r: Double = 4.5) -> String {
        guard shape > 0 else {
            return
                "M\(coordinate(x - r)) \(coordinate(y))a\(coordinate(r)) \(coordinate(r)) 0 1 0 \(coordinate(2 * r)) 0"
                + "a\(coordinate(r)) \(coordinate(r)) 0 1 0 -\(coordinate(2 * r)) 0Z"
        }
        return path(Self.corners[shape - 1].map { (x + $0.0 * r, y + $0.1 * r) }) + "Z"
    }

    /// The corners of the shapes but the first, a circle: square, triangles, diamond, plus, cross, and hexagon.
    private static let corners: [[(Double, Double)]] = [
        [(-0.9, -0.9), (0.9, -0.9), (0.9, 0.9), (-0.9, 0.9)],
        [(0, -1.2), (1.1, 0.8), (-1.1, 0.8)],
        [(0, -1.3), (1.2, 0), (0, 1.3), (-1.2, 0)],
        [(0, 1.2), (1.1, -0.8), (-1.1, -0.8)],
        [
            (-0.4, -1.2), (0.4, -1.2), (0.4, -0.4), (1.2, -0.4), (1.2, 0.4), (0.4, 0.4), (0.4, 1.2), (-0.4, 1.2),
            (-0.4, 0.4), (-1.2, 0.4), (-1.2, -0.4), (-0.4, -0.4),
        ],
        [
            (-1.1, -0.6), (-0.6, -1.1), (0, -0.5), (0.6, -1.1), (1.1, -0.6), (0.5, 0), (1.1, 0.6), (0.6, 1.1), (0, 0.5),
            (-0.6, 1.1), (-1.1, 0.6), (-0.5, 0),
        ],
        [(-1.2, 0), (-0.6, -1), (0.6, -1), (1.2, 0), (0.6, 1), (-0.6, 1)],
    ]

    /// Returns a line through `points` in this style.
    func line(_ points: [(x: Double, y: Double)]) -> HTML {
        let dashing: HTML = dashes.isEmpty ? "" : " stroke-dasharray=\"\(dashes)\""
        return "<path class=\"l\"\(dashing) d=\"\(path(points))\"/>"
    }

    /// The dashes and gaps of a horizontal line; consecutive numbers differ.
    private let levelDashes: String

    /// Returns a horizontal line, as of a method without shots, in this style.
    func level(_ points: [(x: Double, y: Double)]) -> HTML {
        "<path class=\"l\" stroke-dasharray=\"\(levelDashes)\" d=\"\(path(points))\"/>"
    }

    /// A sample of the horizontal line for a legend.
    func levelSwatch(isBaseline: Bool) -> HTML {
        """
        <svg class="swatch level \(isBaseline ? "base" : "k\(color)")" viewBox="0 0 30 14" aria-hidden="true">\
        \(level([(1, 7), (29, 7)]))</svg>
        """
    }

    /// A sample of the mark alone for a legend.
    var markSwatch: HTML {
        """
        <svg class="swatch mark k\(color)" viewBox="0 0 14 14" aria-hidden="true"><path class="p" \
        d="\(mark(7, 7))"/></svg>
        """
    }

    /// A sample of the line and its mark for a legend.
    var swatch: HTML {
        """
        <svg class="swatch k\(color)" viewBox="0 0 30 14" aria-hidden="true">\(line([(1, 7), (29, 7)]))\
        <path class="p" d="\(mark(15, 7))"/></svg>
        """
    }
}

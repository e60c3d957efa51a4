/// The style that distinguishes a line: its color, marks, and dashes.
struct SeriesStyle {
    /// The number of one of the eight colors of the style sheet.
    let color: Int
    private let shape: Int
    /// The lengths of dashes and gaps; empty for a solid line.
    let dashes: String

    /// Creates the style of a number; the first 64 styles are distinct.
    init(_ number: Int) {
        color = number % 8
        shape = (number + number / 8) % 8
        dashes = ["", "7 3", "2 3"][number / 8 % 3]
    }

    /// Returns the mark at a point as part of a path.
    func mark(_ x: Double, _ y: Double, size r: Double = 4.5) -> String {
        func shape(_ corners: [(Double, Double)]) -> String { path(corners.map { (x + $0.0 * r, y + $0.1 * r) }) + "Z" }
        switch self.shape {
        case 0:
            let d = coordinate(2 * r)
            let c = coordinate(r)
            return "M\(coordinate(x - r)) \(coordinate(y))a\(c) \(c) 0 1 0 \(d) 0a\(c) \(c) 0 1 0 -\(d) 0Z"
        case 1: return shape([(-0.9, -0.9), (0.9, -0.9), (0.9, 0.9), (-0.9, 0.9)])
        case 2: return shape([(0, -1.2), (1.1, 0.8), (-1.1, 0.8)])
        case 3: return shape([(0, -1.3), (1.2, 0), (0, 1.3), (-1.2, 0)])
        case 4: return shape([(0, 1.2), (1.1, -0.8), (-1.1, -0.8)])
        case 5:
            let a = 0.4
            let b = 1.2
            return shape([
                (-a, -b), (a, -b), (a, -a), (b, -a), (b, a), (a, a), (a, b), (-a, b), (-a, a), (-b, a), (-b, -a),
                (-a, -a),
            ])
        case 6:
            return shape([
                (-1.1, -0.6), (-0.6, -1.1), (0, -0.5), (0.6, -1.1), (1.1, -0.6), (0.5, 0), (1.1, 0.6), (0.6, 1.1),
                (0, 0.5), (-0.6, 1.1), (-1.1, 0.6), (-0.5, 0),
            ])
        default: return shape([(-1.2, 0), (-0.6, -1), (0.6, -1), (1.2, 0), (0.6, 1), (-0.6, 1)])
        }
    }

    private var dashing: HTML { dashes.isEmpty ? "" : " stroke-dasharray=\"\(dashes)\"" }

    /// Returns a line through `points` in this style.
    func line(_ points: [(x: Double, y: Double)]) -> HTML { "<path class=\"l\"\(dashing) d=\"\(path(points))\"/>" }

    /// A sample of the line and its mark for a legend.
    var swatch: HTML {
        """
        <svg class="swatch k\(color)" viewBox="0 0 30 14" aria-hidden="true">\(line([(1, 7), (29, 7)]))\
        <path class="p" d="\(mark(15, 7))"/></svg>
        """
    }
}

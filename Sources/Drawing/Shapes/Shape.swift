/// What a figure is; `rawValue` is the word for it.
public enum Shape: String, Sendable, CaseIterable {
    case circle, square, triangle, pentagon, hexagon, star, heart, cross, ring, crescent, arrow, diamond, oval, drop
    case bar, dome

    /// Whether another figure fits in.
    var isRoomy: Bool { [.circle, .square, .hexagon, .pentagon, .oval, .dome].contains(self) }

    /// A corner of an outline.
    struct Vertex {
        var x: Int
        var y: Int
    }

    /// Contours out of x and y in turn.
    static func contours(_ numbers: [[Int]]) -> [[Vertex]] {
        numbers.map { contour in
            stride(from: 0, to: contour.count, by: 2).map { Vertex(x: contour[$0], y: contour[$0 + 1]) }
        }
    }
}

/// The shape of a figure, whose `rawValue` is the word for it.
public enum Shape: String, Sendable, CaseIterable {
    case circle, square, triangle, pentagon, hexagon, star, heart, cross, ring, crescent, arrow, diamond, oval, drop
    case bar, dome

    /// A vertex of an outline.
    struct Vertex {
        var x: Int
        var y: Int
    }

    /// Creates contours from alternating x and y coordinates.
    static func contours(_ numbers: [[Int]]) -> [[Vertex]] {
        numbers.map { contour in
            stride(from: 0, to: contour.count, by: 2).map { Vertex(x: contour[$0], y: contour[$0 + 1]) }
        }
    }
}

/// The shape of a figure, whose `rawValue` is the word for it.
public enum Shape: String, Sendable, CaseIterable {
    case circle, square, triangle, pentagon, hexagon, star, heart, cross, ring, crescent, arrow, diamond, oval, drop
    case bar, dome

    /// A vertex of an outline.
    struct Vertex {
        var x: Int
        var y: Int
    }
}

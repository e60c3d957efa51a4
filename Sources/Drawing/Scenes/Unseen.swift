/// What training scenes never show, so that a task is new to a model that was trained on them.
enum Unseen {
    /// These textures are never on these shapes.
    static func contains(_ texture: Texture, on shape: Shape) -> Bool {
        switch texture {
        case .solid: false
        case .striped: [.drop, .heart, .ring, .square].contains(shape)
        case .dotted: [.arrow, .circle, .hexagon, .star].contains(shape)
        case .checkered: [.crescent, .cross, .hexagon, .triangle].contains(shape)
        case .grid: [.arrow, .diamond, .star, .triangle].contains(shape)
        case .shaded: [.circle, .crescent, .heart, .square].contains(shape)
        }
    }

    /// The pairs of ``Toy``, said either way.
    static func contains(_ first: Shape, _ relation: Relation, _ second: Shape) -> Bool {
        Toy.allCases.contains { toy in
            let (shape, other) = toy.shapes
            return (first, relation, second) == (shape, toy.relation, other)
                || (second, relation.opposite, first) == (shape, toy.relation, other)
        }
    }

    /// The shapes and colours of ``Badge``, one inside the other.
    static func contains(_ inner: (Shape, Colour), inside outer: (Shape, Colour)) -> Bool {
        Badge.all.contains { ($0.inner == inner) && ($0.outer == outer) }
    }
}

/// The position of a figure relative to another, whose `rawValue` is the word for it.
enum Relation: String {
    case above
    case leftOf = "left of"

    /// The direction from the second figure to the first; y points down.
    var direction: (x: Int, y: Int) {
        switch self {
        case .above: (0, -1)
        case .leftOf: (-1, 0)
        }
    }
}

/// The position and size of a figure.
struct Placement {
    var x: Int
    var y: Int
    var size: Int
}

extension Relation {
    /// Returns placements of two figures on both sides of (`x`, `y`), with centers that are twice `half` apart.
    ///
    /// The first figure is shifted sideways by `shift`.
    func placements(x: Int, y: Int, half: Int, shift: Int, sizes: (Int, Int)) -> (Placement, Placement) {
        let (dx, dy) = direction
        let first = Placement(
            x: x + dx * half + (dx == 0 ? shift : 0), y: y + dy * half + (dy == 0 ? shift : 0), size: sizes.0)
        return (first, Placement(x: x - dx * half, y: y - dy * half, size: sizes.1))
    }
}

extension Figure {
    /// Creates a figure of equal width and height.
    init(_ shape: Shape, _ placement: Placement, angle: Int, _ surface: Surface) {
        self.init(
            shape: shape, x: placement.x, y: placement.y, width: placement.size, height: placement.size, angle: angle,
            surface: surface)
    }
}

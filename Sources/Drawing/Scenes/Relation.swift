/// How one figure lies to another; `rawValue` is the word for it.
public enum Relation: String, Sendable, CaseIterable {
    case above
    case below
    case leftOf = "left of"
    case rightOf = "right of"
    case inside

    /// The relation of the other figure to the first; none of what lies inside.
    var opposite: Relation? {
        switch self {
        case .above: .below
        case .below: .above
        case .leftOf: .rightOf
        case .rightOf: .leftOf
        case .inside: nil
        }
    }

    /// Where the first figure lies as seen from the second, y pointing down.
    var direction: (x: Int, y: Int) {
        switch self {
        case .above: (0, -1)
        case .below: (0, 1)
        case .leftOf: (-1, 0)
        case .rightOf: (1, 0)
        case .inside: (0, 0)
        }
    }
}

/// Where a figure lies and how large it is.
struct Place {
    var x: Int
    var y: Int
    var size: Int
}

extension Relation {
    /// Places for two figures on both sides of (`x`, `y`), whose centres are twice `half` apart.
    ///
    /// - Parameters:
    ///   - x: the middle between both.
    ///   - y: the middle between both.
    ///   - half: half of the distance.
    ///   - shift: how far the first one is moved to the side.
    ///   - sizes: of the first figure and the second.
    /// - Returns: the places of the first figure and the second.
    func places(x: Int, y: Int, half: Int, shift: Int, sizes: (Int, Int)) -> (Place, Place) {
        let (dx, dy) = direction
        let first = Place(
            x: x + dx * half + (dx == 0 ? shift : 0), y: y + dy * half + (dy == 0 ? shift : 0), size: sizes.0)
        return (first, Place(x: x - dx * half, y: y - dy * half, size: sizes.1))
    }
}

/// How a surface's two colours are laid out.
public enum Texture: String, Sendable, CaseIterable {
    case solid, striped, dotted, checkered, grid, shaded

    /// What captions call it.
    var words: [String] {
        switch self {
        case .solid: ["plain", "solid"]
        case .dotted: ["dotted", "spotted"]
        case .grid: ["crossed"]
        case .striped, .checkered, .shaded: [rawValue]
        }
    }

    /// How much of the second colour there is, of 256.
    ///
    /// - Parameters:
    ///   - u: the place along the texture.
    ///   - v: the place across it.
    ///   - period: the width of a stripe, at least 1.
    ///   - extent: how far the surface reaches from its centre, at least 1.
    /// - Returns: 0 to 256.
    func weight(_ u: Int32, _ v: Int32, period: Int32, extent: Int32) -> Int32 {
        switch self {
        case .solid: return 0
        case .striped: return isOdd(quotient(u, period)) ? 256 : 0
        case .dotted:
            let (a, b) = (remainder(u, 2 * period) - period, remainder(v, 2 * period) - period)
            return (a * a + b * b) * 100 < period * period * 52 ? 256 : 0
        case .checkered: return isOdd(quotient(u, period) + quotient(v, period)) ? 256 : 0
        case .grid:
            let isLine = remainder(u, 2 * period) * 3 < 2 * period || remainder(v, 2 * period) * 3 < 2 * period
            return isLine ? 256 : 0
        case .shaded: return min(max(128 + u * 128 / extent, 0), 256)
        }
    }
}

/// The quotient rounded down, so that a texture goes on evenly below zero; `b` is positive.
private func quotient(_ a: Int32, _ b: Int32) -> Int32 {
    let rounded = a / b
    return rounded * b > a ? rounded - 1 : rounded
}

/// What ``quotient(_:_:)`` leaves, never negative.
private func remainder(_ a: Int32, _ b: Int32) -> Int32 {
    let rest = a % b
    return rest < 0 ? rest + b : rest
}

private func isOdd(_ number: Int32) -> Bool { number & 1 != 0 }

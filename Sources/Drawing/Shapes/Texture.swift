/// The pattern of a surface's two colors.
public enum Texture: String, Sendable, CaseIterable {
    case solid, striped, dotted, checkered, grid, shaded

    /// Returns the weight of the second color, of 256, at `u` along and `v` across the texture.
    ///
    /// `period` is the width of a stripe, and `extent` the distance from the center to the edge; both are positive.
    func weight(_ u: Int32, _ v: Int32, period: Int32, extent: Int32) -> Int32 {
        switch self {
        case .solid: return 0
        case .striped: return isOdd(quotient(u, period)) ? 256 : 0
        case .dotted:
            let a = remainder(u, 2 * period) - period
            let b = remainder(v, 2 * period) - period
            return (a * a + b * b) * 100 < period * period * 52 ? 256 : 0
        case .checkered: return isOdd(quotient(u, period) + quotient(v, period)) ? 256 : 0
        case .grid:
            let isLine = remainder(u, 2 * period) * 3 < 2 * period || remainder(v, 2 * period) * 3 < 2 * period
            return isLine ? 256 : 0
        case .shaded: return min(max(128 + u * 128 / extent, 0), 256)
        }
    }
}

/// Returns the quotient rounded down, so that a texture is regular below zero; `b` must be positive.
private func quotient(_ a: Int32, _ b: Int32) -> Int32 {
    let rounded = a / b
    return rounded * b > a ? rounded - 1 : rounded
}

/// Returns the remainder of ``quotient(_:_:)``, which is never negative.
private func remainder(_ a: Int32, _ b: Int32) -> Int32 {
    let rest = a % b
    return rest < 0 ? rest + b : rest
}

private func isOdd(_ number: Int32) -> Bool { number & 1 != 0 }

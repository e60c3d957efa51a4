/// A class of badges: one figure inside another, each in a fixed color.
///
/// The two badges of a pair have swapped colors.
struct Badge: Sendable {
    let inner: (Shape, Color)
    let outer: (Shape, Color)

    static let all: [Badge] =
        swapped(.star, .red, .circle, .white) + swapped(.cross, .red, .square, .white)
        + swapped(.arrow, .white, .circle, .blue) + swapped(.heart, .white, .hexagon, .green)
        + swapped(.crescent, .yellow, .square, .blue) + swapped(.drop, .white, .pentagon, .teal)
        + swapped(.ring, .orange, .square, .black) + swapped(.diamond, .yellow, .oval, .purple)

    private static func swapped(_ shape: Shape, _ color: Color, _ outer: Shape, _ around: Color) -> [Badge] {
        [Badge(inner: (shape, color), outer: (outer, around)), Badge(inner: (shape, around), outer: (outer, color))]
    }

    /// The class name, as it follows `a` in a prompt.
    var name: String {
        "\(inner.1.rawValue) \(inner.0.rawValue) inside " + withArticle("\(outer.1.rawValue) \(outer.0.rawValue)")
    }

    /// Samples a scene of the class.
    func scene(_ picture: (seed: UInt64, index: UInt64), _ stream: inout Stream) -> Scene {
        let ground = Surface.sampledGround(unlike: outer.1, &stream).surface
        let outerSize = stream.within(480 ... 620)
        let size = outerSize * stream.within(40 ... 52) / 100
        let x = Scene.middle + stream.within(-90 ... 90)
        let y = Scene.middle + stream.within(-90 ... 90)
        let angle = stream.within(-14 ... 14)
        let outerSurface = Surface.sampled(.solid, outer.1, &stream)
        let surface = Surface.sampled(.solid, inner.1, &stream)
        let figures = [
            Figure(outer.0, at: (x, y), size: outerSize, angle: angle, outerSurface),
            Figure(inner.0, at: (x, y), size: size, angle: angle, surface),
        ]
        return Scene(ground, figures, picture, &stream)
    }
}

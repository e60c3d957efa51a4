/// A class of toys: two shapes in any colors that together resemble an object.
struct Toy: Sendable {
    /// The position of the first shape relative to the second, whose `rawValue` is the word for it.
    enum Relation: String {
        case above
        case leftOf = "left of"
    }

    let shapes: (Shape, Shape)
    /// The relative sizes of the shapes in percent.
    let sizes: (Int, Int)
    var relation = Relation.above

    static let all = [
        Toy(shapes: (.triangle, .square), sizes: (110, 100)),  // house
        Toy(shapes: (.circle, .bar), sizes: (115, 75)),  // tree
        Toy(shapes: (.triangle, .bar), sizes: (120, 70)),  // pine
        Toy(shapes: (.heart, .drop), sizes: (95, 95)),  // ice cream
        Toy(shapes: (.circle, .circle), sizes: (75, 105)),  // snowman
        Toy(shapes: (.dome, .bar), sizes: (110, 80)),  // mushroom
        Toy(shapes: (.dome, .triangle), sizes: (95, 95)),  // lamp
        Toy(shapes: (.oval, .triangle), sizes: (120, 65), relation: .leftOf),  // fish
        Toy(shapes: (.star, .square), sizes: (90, 95)),  // crown
        Toy(shapes: (.star, .bar), sizes: (95, 85)),  // flower
        Toy(shapes: (.heart, .square), sizes: (95, 85)),  // trophy
        Toy(shapes: (.triangle, .dome), sizes: (100, 110)),  // boat
        Toy(shapes: (.crescent, .square), sizes: (80, 100)),  // moon house
        Toy(shapes: (.ring, .bar), sizes: (90, 85)),  // lollipop
        Toy(shapes: (.ring, .triangle), sizes: (60, 115)),  // angel
        Toy(shapes: (.cross, .triangle), sizes: (65, 110)),  // church
        Toy(shapes: (.drop, .bar), sizes: (60, 100)),  // candle
        Toy(shapes: (.cross, .square), sizes: (100, 90)),  // windmill
    ]

    /// The class name, as it follows `a` in a prompt: the visible shapes instead of the resembled object.
    var name: String { "\(shapes.0.rawValue) \(relation.rawValue) \(withArticle(shapes.1.rawValue))" }

    /// Samples a scene of the class.
    func scene(_ picture: (seed: UInt64, index: UInt64), _ stream: inout Stream) -> Scene {
        let ground = Surface.sampledGround(&stream)
        let base = stream.within(290 ... 400)
        let size = base * sizes.0 * stream.within(90 ... 110) / 10000
        let otherSize = base * sizes.1 * stream.within(90 ... 110) / 10000
        let half = ((size + otherSize) * 84 / 100 + stream.within(-30 ... 10)) / 2
        let x = Scene.middle + stream.within(-80 ... 80)
        let y = Scene.middle + stream.within(-80 ... 80)
        let shift = stream.within(-25 ... 25)
        let angle = stream.within(-10 ... 10)
        let far = Color.far(from: [ground.color], by: 150)
        let color = stream.pick(far)
        let otherColor = stream.pick(far)
        let texture = stream.pick(Texture.allCases, weights: [50, 10, 10, 10, 10, 10])
        let otherTexture = stream.pick(Texture.allCases, weights: [50, 10, 10, 10, 10, 10])
        let outline = Outline.sampled(&stream)
        let otherSurface = Surface.sampled(otherTexture, otherColor, &stream)
        let surface = Surface.sampled(texture, color, &stream)
        // Only a shape above another is shifted sideways.
        let isAbove = relation == .above
        let center = isAbove ? (x + shift, y - half) : (x - half, y)
        let otherCenter = isAbove ? (x, y + half) : (x + half, y)
        var figures = [
            Figure(shapes.1, at: otherCenter, size: otherSize, angle: angle, otherSurface),
            Figure(shapes.0, at: center, size: size, angle: angle, surface),
        ]
        for index in figures.indices { figures[index].outline = outline }
        return Scene(ground.surface, figures, picture, &stream)
    }
}

/// A class of toys: two shapes in any colors that together resemble an object.
enum Toy: String, Sendable, CaseIterable {
    case house, tree, pine
    case iceCream = "ice cream"
    case snowman, mushroom, lamp, fish, crown, flower, trophy, boat
    case moonHouse = "moon house"
    case lollipop, angel, church, candle, windmill

    /// The upper or left shape, and the other one.
    var shapes: (Shape, Shape) {
        switch self {
        case .house: (.triangle, .square)
        case .tree: (.circle, .bar)
        case .pine: (.triangle, .bar)
        case .iceCream: (.heart, .drop)
        case .snowman: (.circle, .circle)
        case .mushroom: (.dome, .bar)
        case .lamp: (.dome, .triangle)
        case .fish: (.oval, .triangle)
        case .crown: (.star, .square)
        case .flower: (.star, .bar)
        case .trophy: (.heart, .square)
        case .boat: (.triangle, .dome)
        case .moonHouse: (.crescent, .square)
        case .lollipop: (.ring, .bar)
        case .angel: (.ring, .triangle)
        case .church: (.cross, .triangle)
        case .candle: (.drop, .bar)
        case .windmill: (.cross, .square)
        }
    }

    /// The relation of the first shape to the second.
    var relation: Relation { self == .fish ? .leftOf : .above }

    /// The relative sizes of the shapes in percent.
    private var sizes: (Int, Int) {
        switch self {
        case .house: (110, 100)
        case .tree: (115, 75)
        case .pine: (120, 70)
        case .iceCream: (95, 95)
        case .snowman: (75, 105)
        case .mushroom: (110, 80)
        case .lamp: (95, 95)
        case .fish: (120, 65)
        case .crown: (90, 95)
        case .flower: (95, 85)
        case .trophy: (95, 85)
        case .boat: (100, 110)
        case .moonHouse: (80, 100)
        case .lollipop: (90, 85)
        case .angel: (60, 115)
        case .church: (65, 110)
        case .candle: (60, 100)
        case .windmill: (100, 90)
        }
    }

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
        // Shapes side by side are not shifted.
        let placements = relation.placements(
            x: x, y: y, half: half, shift: relation == .leftOf ? 0 : shift, sizes: (size, otherSize))
        var figures = [
            Figure(shapes.1, placements.1, angle: angle, otherSurface),
            Figure(shapes.0, placements.0, angle: angle, surface),
        ]
        for index in figures.indices { figures[index].outline = outline }
        return Scene(ground.surface, figures, .sampled(&stream), picture, &stream)
    }
}

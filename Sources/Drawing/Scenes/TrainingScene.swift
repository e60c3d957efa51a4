/// A scene to train an encoder on, with what captions say of it.
public struct TrainingScene: Sendable {
    /// A figure as captions speak of it.
    public struct Thing: Sendable, Equatable {
        public enum Size: String, Sendable { case big, small }

        public var shape: Shape
        public var texture: Texture
        public var colour: Colour
        /// Only of a figure that is alone.
        public var size: Size?
    }

    public let scene: Scene
    public let things: [Thing]
    /// How the first of two things lies to the second.
    public let relation: Relation?
    public let groundColour: Colour
    public let condition: Condition
    let picture: (seed: UInt64, index: UInt64)

    /// The scene at `index` of the endless row that `seed` stands for.
    public init(seed: UInt64, index: UInt64) {
        picture = (seed, index)
        var stream = Stream(seed: seed, index: index, .scene)
        let ground = Surface.sampledGround(&stream)
        groundColour = ground.colour
        condition = .sampled(&stream)
        let isPair = stream.percent(38)
        let outline = Outline.sampled(&stream)
        var group = isPair ? Group.pair(ground.colour, &stream) : Group.single(ground.colour, &stream)
        for place in group.figures.indices { group.figures[place].outline = outline }
        (things, relation) = (group.things, group.relation)
        scene = Scene(ground.surface, group.figures, condition, picture, &stream)
    }

    var isOutlined: Bool { scene.figures.contains { $0.outline.width > 0 } }
}

/// One figure or two, and what they are called.
private struct Group {
    var figures: [Figure]
    var things: [TrainingScene.Thing]
    var relation: Relation?

    static func single(_ ground: Colour, _ stream: inout Stream) -> Group {
        let (shape, texture) = seenPair(&stream)
        let colour = stream.pick(Colour.far(from: [ground], by: 170))
        let isBig = stream.percent(50)
        let size = stream.within(isBig ? 500 ... 660 : 280 ... 380)
        let room = min(max(Scene.middle - size * 105 / 100, 40), 300)
        let angle = stream.percent(50) ? stream.within(-14 ... 14) : 0
        let x = Scene.middle + stream.within(-room ... room)
        let y = Scene.middle + stream.within(-room ... room)
        let width = size * stream.within(88 ... 112) / 100
        let surface = Surface.sampled(texture, colour, &stream)
        let figure = Figure(shape: shape, x: x, y: y, width: width, height: size, angle: angle, surface: surface)
        let thing = TrainingScene.Thing(shape: shape, texture: texture, colour: colour, size: isBig ? .big : .small)
        return Group(figures: [figure], things: [thing])
    }

    static func pair(_ ground: Colour, _ stream: inout Stream) -> Group {
        let (one, other, relation) = seenRelation(&stream)
        let colours = seenColours(one.shape, other.shape, relation, ground, &stream)
        let places = relation == .inside ? inside(&stream) : beside(relation, &stream)
        let tilt = relation == .inside ? 16 : 14
        let angles = (stream.within(-tilt ... tilt), stream.within(-tilt ... tilt))
        let surface = Surface.sampled(one.texture, colours.0, &stream)
        let otherSurface = Surface.sampled(other.texture, colours.1, &stream)
        // What lies inside is drawn last.
        return Group(
            figures: [
                Figure(other.shape, places.1, angle: angles.1, otherSurface),
                Figure(one.shape, places.0, angle: angles.0, surface),
            ],
            things: [
                TrainingScene.Thing(shape: one.shape, texture: one.texture, colour: colours.0),
                TrainingScene.Thing(shape: other.shape, texture: other.texture, colour: colours.1),
            ], relation: relation)
    }

    private static func seenPair(_ stream: inout Stream) -> (shape: Shape, texture: Texture) {
        while true {
            let shape = stream.pick(Shape.allCases)
            let texture = stream.pick(Texture.allCases, weights: [30, 14, 14, 14, 14, 14])
            if !Unseen.contains(texture, on: shape) { return (shape, texture) }
        }
    }

    private static func seenRelation(
        _ stream: inout Stream
    ) -> (one: (shape: Shape, texture: Texture), other: (shape: Shape, texture: Texture), Relation) {
        while true {
            let (one, other) = (seenPair(&stream), seenPair(&stream))
            // A bar is longer than anything is wide inside.
            let relation = stream.pick(Relation.allCases.filter { $0 != .inside || one.shape != .bar })
            if Unseen.contains(one.shape, relation, other.shape) { continue }
            if relation == .inside, !other.shape.isRoomy { continue }
            return (one, other, relation)
        }
    }

    private static func seenColours(
        _ shape: Shape, _ other: Shape, _ relation: Relation, _ ground: Colour, _ stream: inout Stream
    ) -> (Colour, Colour) {
        while true {
            let colour = stream.pick(Colour.far(from: [ground], by: 150))
            let isFree = relation != .inside && stream.percent(90)
            let otherColour = stream.pick(Colour.far(from: isFree ? [ground] : [ground, colour], by: 150))
            if relation != .inside || !Unseen.contains((shape, colour), inside: (other, otherColour)) {
                return (colour, otherColour)
            }
        }
    }

    private static func inside(_ stream: inout Stream) -> (Place, Place) {
        let (otherSize, size) = (stream.within(540 ... 660), stream.within(220 ... 310))
        let x = Scene.middle + stream.within(-90 ... 90)
        let y = Scene.middle + stream.within(-90 ... 90)
        let place = Place(x: x + stream.within(-50 ... 50), y: y + stream.within(-50 ... 50), size: size)
        return (place, Place(x: x, y: y, size: otherSize))
    }

    private static func beside(_ relation: Relation, _ stream: inout Stream) -> (Place, Place) {
        let sizes = (stream.within(270 ... 400), stream.within(270 ... 400))
        let gap = stream.percent(50) ? stream.within(-80 ... 0) : stream.within(0 ... 160)
        let half = ((sizes.0 + sizes.1) * 88 / 100 + gap) / 2
        let shift = stream.within(-60 ... 60)
        let x = Scene.middle + stream.within(-80 ... 80)
        let y = Scene.middle + stream.within(-80 ... 80)
        return relation.places(x: x, y: y, half: half, shift: shift, sizes: sizes)
    }
}

extension Figure {
    /// A figure as wide as it is high.
    init(_ shape: Shape, _ place: Place, angle: Int, _ surface: Surface) {
        self.init(
            shape: shape, x: place.x, y: place.y, width: place.size, height: place.size, angle: angle, surface: surface)
    }
}

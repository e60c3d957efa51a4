extension Surface {
    /// A figure's surface: the named colour, a little off, and for some textures a second tone.
    static func sampled(_ texture: Texture, _ colour: Colour, _ stream: inout Stream) -> Surface {
        let first = stream.jittered(colour.rgb, by: 16)
        var second = first
        switch texture {
        case .solid: break
        case .shaded:
            let isDarker = first.total > 330 || stream.percent(30)
            second = isDarker ? first / 4 : (first &+ 765) / 4
        case .striped, .dotted, .checkered, .grid:
            let tones = [RGB(240, 240, 240), RGB(25, 25, 25), first &* 2 / 5, (first &+ 510) / 3]
            second = stream.jittered(stream.pick(tones.filter { $0.distance(to: first) >= 190 }), by: 10)
        }
        let isWide = texture == .striped || texture == .checkered
        let period = stream.within(isWide ? 44 ... 68 : 40 ... 56)
        let angle = stream.percent(50) ? stream.within(0 ... 255) : stream.pick([0, 64, 32, 96])
        return Surface(texture: texture, first: first, second: second, period: period, angle: angle)
    }

    /// A background, mostly plain and else calm, far from the colour `unlike`, if there is one.
    static func sampledGround(unlike: Colour? = nil, _ stream: inout Stream) -> (colour: Colour, surface: Surface) {
        let colour = stream.pick(unlike.map { Colour.far(from: [$0], by: 150) } ?? Colour.allCases)
        let texture = stream.pick(Texture.allCases, weights: [70, 4, 4, 3, 3, 16])
        let base = colour.rgb
        let calm = base.total > 200 ? base &* 3 / 4 : base &+ 45
        let first = stream.jittered(base, by: 12)
        let second = stream.jittered(calm, by: 10)
        let period = stream.within(60 ... 120)
        let angle = stream.within(0 ... 255)
        return (colour, Surface(texture: texture, first: first, second: second, period: period, angle: angle))
    }
}

extension Outline {
    /// Black or white in three scenes of ten, else none.
    static func sampled(_ stream: inout Stream) -> Outline {
        guard stream.percent(30) else { return Outline() }
        let width = stream.within(8 ... 18)
        return Outline(width: width, colour: stream.pick([RGB(15, 15, 15), RGB(245, 245, 245)]))
    }
}

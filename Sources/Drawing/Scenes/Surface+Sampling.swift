extension Surface {
    /// Samples a figure's surface: a variation of the named color and, for some textures, a second tone.
    static func sampled(_ texture: Texture, _ color: Color, _ stream: inout Stream) -> Surface {
        let first = stream.jittered(color.rgb, by: 16)
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

    /// Samples a background of low contrast, distinct from the color `unlike`.
    static func sampledGround(unlike: Color? = nil, _ stream: inout Stream) -> (color: Color, surface: Surface) {
        let color = stream.pick(unlike.map { Color.far(from: [$0], by: 150) } ?? Color.allCases)
        let texture = stream.pick(Texture.allCases, weights: [70, 4, 4, 3, 3, 16])
        let base = color.rgb
        let calm = base.total > 200 ? base &* 3 / 4 : base &+ 45
        let first = stream.jittered(base, by: 12)
        let second = stream.jittered(calm, by: 10)
        let period = stream.within(60 ... 120)
        let angle = stream.within(0 ... 255)
        return (color, Surface(texture: texture, first: first, second: second, period: period, angle: angle))
    }
}

extension Outline {
    /// Samples an outline, which is black or white in 30 % of scenes and otherwise absent.
    static func sampled(_ stream: inout Stream) -> Outline {
        guard stream.percent(30) else { return Outline() }
        let width = stream.within(8 ... 18)
        return Outline(width: width, color: stream.pick([RGB(15, 15, 15), RGB(245, 245, 245)]))
    }
}

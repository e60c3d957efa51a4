/// How a task's scenes are drawn: as training scenes are, or as no training scene is.
public enum Style: String, Sendable, CaseIterable {
    case plain, crayon, paper, chalk, night, glare, invert, grain, grey

    /// The scene in this style; what it needs is drawn from `stream`, after the scene.
    func applied(to scene: Scene, _ stream: inout Stream) -> Scene {
        switch self {
        case .plain: scene
        case .crayon: crayon(scene, &stream)
        case .paper: paper(scene, &stream)
        case .chalk: chalk(scene, &stream)
        case .night, .glare, .grain: exposed(scene, &stream)
        case .invert: inverted(scene)
        case .grey: grey(scene)
        }
    }

    /// Coloured pencil on paper: fine hatching in each figure's colour, with a wobbly edge.
    private func crayon(_ scene: Scene, _ stream: inout Stream) -> Scene {
        var drawn = scene
        let paper = Int32(stream.within(222 ... 246))
        drawn.ground.texture = stream.percent(50) ? .shaded : .solid
        drawn.ground.first = RGB(paper, paper, paper - 12)
        drawn.ground.second = RGB(paper - 30, paper - 28, paper - 30)
        drawn.camera.blur = min(scene.camera.blur, 1)
        drawn.camera.noise = stream.within(8 ... 18)
        drawn.specks = 0
        for place in drawn.figures.indices {
            var colour = scene.figures[place].surface.first
            // White would not be seen.
            if colour.total > 520 { colour = colour &* 3 / 5 }
            let faint = (colour &+ 2 * paper) / 3
            let period = stream.within(15 ... 22)
            let angle = stream.pick([20, 30, 40, 220, 230])
            drawn.figures[place].surface = Surface(
                texture: .striped, first: colour, second: faint, period: period, angle: angle)
            drawn.figures[place].outline = Outline(width: stream.within(5 ... 9), colour: colour &* 3 / 4)
            drawn.figures[place].wobble = 20
        }
        return drawn
    }

    /// An ink drawing with a pale wash.
    private func paper(_ scene: Scene, _ stream: inout Stream) -> Scene {
        var drawn = scene
        let paper = Int32(stream.within(225 ... 250))
        drawn.ground.texture = .solid
        drawn.ground.first = RGB(paper, paper, paper - 14)
        drawn.camera.blur = min(scene.camera.blur, 1)
        drawn.specks = 0
        for place in drawn.figures.indices {
            let surface = scene.figures[place].surface
            drawn.figures[place].surface.first = (surface.first &+ 2 * paper) / 3
            drawn.figures[place].surface.second = (surface.second &+ 2 * paper) / 3
            drawn.figures[place].outline = Outline(width: stream.within(10 ... 18), colour: RGB(30, 30, 45))
            drawn.figures[place].wobble = 16
        }
        return drawn
    }

    /// Outlines in chalk on a board.
    private func chalk(_ scene: Scene, _ stream: inout Stream) -> Scene {
        var drawn = scene
        let board = stream.pick([RGB(30, 58, 44), RGB(34, 38, 44), RGB(26, 44, 60)])
        drawn.ground.texture = .solid
        drawn.ground.first = stream.jittered(board, by: 6)
        drawn.camera.noise = stream.within(14 ... 26)
        drawn.camera.blur = 0
        let chalks = [
            RGB(235, 235, 230), RGB(235, 235, 230), RGB(240, 210, 120), RGB(150, 210, 240), RGB(245, 170, 190),
        ]
        for place in drawn.figures.indices {
            let width = stream.within(14 ... 22)
            let colour = stream.jittered(stream.pick(chalks), by: 8)
            drawn.figures[place].outline = Outline(width: width, colour: colour)
            drawn.figures[place].isHollow = true
            drawn.figures[place].wobble = 16
        }
        return drawn
    }

    /// Little light, too much of it, or an old film.
    private func exposed(_ scene: Scene, _ stream: inout Stream) -> Scene {
        var drawn = scene
        switch self {
        case .glare:
            drawn.camera.gain = stream.within(300 ... 360)
            drawn.camera.light = stream.within(150 ... 260)
            drawn.camera.lift = stream.within(10 ... 50)
            drawn.camera.noise = stream.within(10 ... 24)
        case .grain:
            drawn.camera.noise = stream.within(55 ... 80)
            drawn.camera.gain = stream.within(130 ... 190)
            drawn.camera.lift = stream.within(10 ... 40)
            drawn.camera.colourNoise = stream.within(15 ... 30)
        default:
            drawn.camera.noise = stream.within(18 ... 30)
            drawn.camera.gain = stream.within(60 ... 95)
            drawn.camera.lift = stream.within(0 ... 12)
            drawn.camera.blur = 1
            drawn.camera.colourNoise = stream.within(8 ... 16)
        }
        return drawn
    }

    private func inverted(_ scene: Scene) -> Scene {
        var drawn = scene
        drawn.camera.isInverted = true
        return drawn
    }

    private func grey(_ scene: Scene) -> Scene {
        var drawn = scene
        drawn.ground = drawn.ground.grey
        for place in drawn.figures.indices {
            drawn.figures[place].surface = drawn.figures[place].surface.grey
            drawn.figures[place].outline.colour = drawn.figures[place].outline.colour.grey
        }
        return drawn
    }
}

extension Surface {
    fileprivate var grey: Surface {
        var surface = self
        (surface.first, surface.second) = (first.grey, second.grey)
        return surface
    }
}

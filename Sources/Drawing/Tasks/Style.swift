/// The drawing style of a task's scenes; the demo's encoder was trained on `plain` only.
public enum Style: String, Sendable, CaseIterable {
    case plain, crayon, paper, chalk, night, glare, invert, grain
    case gray = "grey"

    /// Returns the scene in this style, whose parameters are sampled from `stream` after the scene.
    func applied(to scene: Scene, _ stream: inout Stream) -> Scene {
        switch self {
        case .plain: scene
        case .crayon: crayon(scene, &stream)
        case .paper: paper(scene, &stream)
        case .chalk: chalk(scene, &stream)
        case .night, .glare, .grain: exposed(scene, &stream)
        case .invert: inverted(scene)
        case .gray: gray(scene)
        }
    }

    /// Crayon on paper: fine hatching in each figure's color with a wobbly edge.
    private func crayon(_ scene: Scene, _ stream: inout Stream) -> Scene {
        var result = scene
        let paper = Int32(stream.within(222 ... 246))
        result.ground.texture = stream.percent(50) ? .shaded : .solid
        result.ground.first = RGB(paper, paper, paper - 12)
        result.ground.second = RGB(paper - 30, paper - 28, paper - 30)
        result.camera.blur = min(scene.camera.blur, 1)
        result.camera.noise = stream.within(8 ... 18)
        result.specks = 0
        for index in result.figures.indices {
            var color = scene.figures[index].surface.first
            // Darkens bright colors, which would be invisible on paper.
            if color.total > 520 { color = color &* 3 / 5 }
            let faint = (color &+ 2 * paper) / 3
            let period = stream.within(15 ... 22)
            let angle = stream.pick([20, 30, 40, 220, 230])
            result.figures[index].surface = Surface(
                texture: .striped, first: color, second: faint, period: period, angle: angle)
            result.figures[index].outline = Outline(width: stream.within(5 ... 9), color: color &* 3 / 4)
            result.figures[index].wobble = 20
        }
        return result
    }

    /// An ink drawing with pale colors.
    private func paper(_ scene: Scene, _ stream: inout Stream) -> Scene {
        var result = scene
        let paper = Int32(stream.within(225 ... 250))
        result.ground.texture = .solid
        result.ground.first = RGB(paper, paper, paper - 14)
        result.camera.blur = min(scene.camera.blur, 1)
        result.specks = 0
        for index in result.figures.indices {
            let surface = scene.figures[index].surface
            result.figures[index].surface.first = (surface.first &+ 2 * paper) / 3
            result.figures[index].surface.second = (surface.second &+ 2 * paper) / 3
            result.figures[index].outline = Outline(width: stream.within(10 ... 18), color: RGB(30, 30, 45))
            result.figures[index].wobble = 16
        }
        return result
    }

    /// Chalk outlines on a board.
    private func chalk(_ scene: Scene, _ stream: inout Stream) -> Scene {
        var result = scene
        let board = stream.pick([RGB(30, 58, 44), RGB(34, 38, 44), RGB(26, 44, 60)])
        result.ground.texture = .solid
        result.ground.first = stream.jittered(board, by: 6)
        result.camera.noise = stream.within(14 ... 26)
        result.camera.blur = 0
        let chalks = [
            RGB(235, 235, 230), RGB(235, 235, 230), RGB(240, 210, 120), RGB(150, 210, 240), RGB(245, 170, 190),
        ]
        for index in result.figures.indices {
            let width = stream.within(14 ... 22)
            let color = stream.jittered(stream.pick(chalks), by: 8)
            result.figures[index].outline = Outline(width: width, color: color)
            result.figures[index].isHollow = true
            result.figures[index].wobble = 16
        }
        return result
    }

    /// An underexposed, overexposed, or grainy photograph.
    private func exposed(_ scene: Scene, _ stream: inout Stream) -> Scene {
        var result = scene
        switch self {
        case .glare:
            result.camera.gain = stream.within(300 ... 360)
            result.camera.light = stream.within(150 ... 260)
            result.camera.lift = stream.within(10 ... 50)
            result.camera.noise = stream.within(10 ... 24)
        case .grain:
            result.camera.noise = stream.within(55 ... 80)
            result.camera.gain = stream.within(130 ... 190)
            result.camera.lift = stream.within(10 ... 40)
            result.camera.colorNoise = stream.within(15 ... 30)
        default:
            result.camera.noise = stream.within(18 ... 30)
            result.camera.gain = stream.within(60 ... 95)
            result.camera.lift = stream.within(0 ... 12)
            result.camera.blur = 1
            result.camera.colorNoise = stream.within(8 ... 16)
        }
        return result
    }

    private func inverted(_ scene: Scene) -> Scene {
        var result = scene
        result.camera.isInverted = true
        return result
    }

    private func gray(_ scene: Scene) -> Scene {
        var result = scene
        result.ground = result.ground.gray
        for index in result.figures.indices {
            result.figures[index].surface = result.figures[index].surface.gray
            result.figures[index].outline.color = result.figures[index].outline.color.gray
        }
        return result
    }
}

extension Surface {
    fileprivate var gray: Surface {
        var surface = self
        surface.first = first.gray
        surface.second = second.gray
        return surface
    }
}

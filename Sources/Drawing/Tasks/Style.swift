/// The drawing style of a task's scenes; the demo's encoder was trained on `plain` only.
public enum Style: String, Sendable, CaseIterable {
    case plain, crayon, paper, chalk, night, glare, invert, grain
    case gray = "grey"

    /// Returns the scene in this style, whose parameters are sampled from `stream` after the scene.
    func applied(to scene: Scene, _ stream: inout Stream) -> Scene {
        var result = scene
        switch self {
        case .plain: break
        case .crayon: result.drawInCrayon(&stream)
        case .paper: result.drawInInk(&stream)
        case .chalk: result.drawInChalk(&stream)
        case .night: result.camera.underexpose(&stream)
        case .glare: result.camera.overexpose(&stream)
        case .grain: result.camera.addGrain(&stream)
        case .invert: result.camera.isInverted = true
        case .gray: result.removeColors()
        }
        return result
    }
}

extension Scene {
    /// Crayon on paper: fine hatching in each figure's color with a wobbly edge.
    fileprivate mutating func drawInCrayon(_ stream: inout Stream) {
        let paper = Int32(stream.within(222 ... 246))
        ground.texture = stream.percent(50) ? .shaded : .solid
        ground.first = RGB(paper, paper, paper - 12)
        ground.second = RGB(paper - 30, paper - 28, paper - 30)
        camera.blur = min(camera.blur, 1)
        camera.noise = stream.within(8 ... 18)
        specks = 0
        for index in figures.indices {
            var color = figures[index].surface.first
            // Darkens bright colors, which would be invisible on paper.
            if color.total > 520 { color = color &* 3 / 5 }
            let faint = (color &+ 2 * paper) / 3
            let period = stream.within(15 ... 22)
            let angle = stream.pick([20, 30, 40, 220, 230])
            figures[index].surface = Surface(
                texture: .striped, first: color, second: faint, period: period, angle: angle)
            figures[index].outline = Outline(width: stream.within(5 ... 9), color: color &* 3 / 4)
            figures[index].wobble = 20
        }
    }

    /// An ink drawing with pale colors.
    fileprivate mutating func drawInInk(_ stream: inout Stream) {
        let paper = Int32(stream.within(225 ... 250))
        ground.texture = .solid
        ground.first = RGB(paper, paper, paper - 14)
        camera.blur = min(camera.blur, 1)
        specks = 0
        for index in figures.indices {
            let surface = figures[index].surface
            figures[index].surface.first = (surface.first &+ 2 * paper) / 3
            figures[index].surface.second = (surface.second &+ 2 * paper) / 3
            figures[index].outline = Outline(width: stream.within(10 ... 18), color: RGB(30, 30, 45))
            figures[index].wobble = 16
        }
    }

    /// Chalk outlines on a board.
    fileprivate mutating func drawInChalk(_ stream: inout Stream) {
        let board = stream.pick([RGB(30, 58, 44), RGB(34, 38, 44), RGB(26, 44, 60)])
        ground.texture = .solid
        ground.first = stream.jittered(board, by: 6)
        camera.noise = stream.within(14 ... 26)
        camera.blur = 0
        let chalks = [
            RGB(235, 235, 230), RGB(235, 235, 230), RGB(240, 210, 120), RGB(150, 210, 240), RGB(245, 170, 190),
        ]
        for index in figures.indices {
            let width = stream.within(14 ... 22)
            let color = stream.jittered(stream.pick(chalks), by: 8)
            figures[index].outline = Outline(width: width, color: color)
            figures[index].isHollow = true
            figures[index].wobble = 16
        }
    }

    /// A black-and-white photograph.
    fileprivate mutating func removeColors() {
        ground.removeColors()
        for index in figures.indices {
            figures[index].surface.removeColors()
            figures[index].outline.color = figures[index].outline.color.gray
        }
    }
}

extension Surface {
    fileprivate mutating func removeColors() {
        first = first.gray
        second = second.gray
    }
}

extension Camera {
    fileprivate mutating func underexpose(_ stream: inout Stream) {
        noise = stream.within(18 ... 30)
        gain = stream.within(60 ... 95)
        lift = stream.within(0 ... 12)
        blur = 1
        colorNoise = stream.within(8 ... 16)
    }

    fileprivate mutating func overexpose(_ stream: inout Stream) {
        gain = stream.within(300 ... 360)
        light = stream.within(150 ... 260)
        lift = stream.within(10 ... 50)
        noise = stream.within(10 ... 24)
    }

    fileprivate mutating func addGrain(_ stream: inout Stream) {
        noise = stream.within(55 ... 80)
        gain = stream.within(130 ... 190)
        lift = stream.within(10 ... 40)
        colorNoise = stream.within(15 ... 30)
    }
}

/// A scene as the camera sees it: 48 by 48 pixels of 8-bit RGB.
public struct Picture: Sendable, Equatable {
    /// How many pixels there are on each side.
    public static let side = 48

    /// Rows from the top, red, green and blue of each pixel in turn [48×48×3].
    public let pixels: [UInt8]

    /// Draws `scene`, in whole numbers only: the same bytes everywhere.
    public init(_ scene: Scene) { self = Stages(scene).picture }

    private init(pixels: [UInt8]) { self.pixels = pixels }

    /// A picture with what came before it, for comparison with the reference in C.
    package struct Stages: Sendable {
        package let canvas: Canvas
        /// What the camera was shown [48×48×3].
        package var view: [Int32] { colours.flatMap { [$0.x, $0.y, $0.z] } }
        package let picture: Picture
        private let colours: [RGB]

        package init(_ scene: Scene) {
            var noise = PixelNoise(seed: scene.seed)
            canvas = Canvas(scene, noise: &noise)
            var colours = shrunk(canvas.colours)
            for _ in 0 ..< scene.camera.blur { colours = blurred(colours) }
            picture = Picture(pixels: scene.camera.exposed(colours, &noise))
            self.colours = colours
        }
    }
}

/// The mean of every two by two cells.
private func shrunk(_ cells: [RGB]) -> [RGB] {
    let (side, row) = (Picture.side, Canvas.cells)
    return (0 ..< side * side).map { place in
        let cell = place / side * 2 * row + place % side * 2
        return (cells[cell] &+ cells[cell + 1] &+ cells[cell + row] &+ cells[cell + row + 1]) / 4
    }
}

/// The mean of every pixel with its eight neighbours; at the border a pixel is its own neighbour.
private func blurred(_ colours: [RGB]) -> [RGB] {
    let last = Picture.side - 1
    var rows = colours
    for row in 0 ... last {
        let start = row * (last + 1)
        for column in 0 ... last {
            rows[start + column] =
                colours[start + max(column - 1, 0)] &+ colours[start + column] &+ colours[start + min(column + 1, last)]
        }
    }
    var means = rows
    for row in 0 ... last {
        let (above, here, below) = (max(row - 1, 0) * (last + 1), row * (last + 1), min(row + 1, last) * (last + 1))
        for column in 0 ... last {
            means[here + column] = (rows[above + column] &+ rows[here + column] &+ rows[below + column]) / 9
        }
    }
    return means
}

extension Camera {
    /// Light, noise and limits, pixel by pixel and in it channel by channel: `noise` is drawn in this order.
    fileprivate func exposed(_ colours: [RGB], _ noise: inout PixelNoise) -> [UInt8] {
        let side = Picture.side
        let (sine, cosine) = (SineTable.sine(lightAngle), SineTable.cosine(lightAngle))
        var pixels = [UInt8](repeating: 0, count: side * side * 3)
        for row in 0 ..< side {
            for column in 0 ..< side {
                let (x, y) = (2 * column - side, 2 * row - side)
                let gain = self.gain + (x * cosine + y * sine) / 16384 * light / side
                let grain = self.noise > 0 ? noise.within(-self.noise, self.noise) : 0
                let colour = colours[row * side + column]
                for channel in 0 ..< 3 {
                    var value = Int(colour[channel]) * gain / 256 + lift + grain
                    if colourNoise > 0 { value += noise.within(-colourNoise, colourNoise) }
                    value = min(max(value, 0), 255)
                    pixels[(row * side + column) * 3 + channel] = UInt8(isInverted ? 255 - value : value)
                }
            }
        }
        return pixels
    }
}

/// The image of a scene with the camera's effects: 48×48 pixels of 8-bit RGB.
public struct Picture: Sendable, Equatable {
    /// The number of pixels per side.
    public static let side = 48

    /// The values, row by row from the top [48×48×3].
    public let pixels: [UInt8]

    /// Renders `scene` in integer arithmetic, which gives equal bytes on all machines.
    public init(_ scene: Scene) {
        var noise = PixelNoise(seed: scene.seed)
        var colors = shrunk(Canvas(scene, noise: &noise).colors)
        for _ in 0 ..< scene.camera.blur { colors = blurred(colors) }
        pixels = scene.camera.exposed(colors, &noise)
    }
}

/// Returns the mean of every 2×2 cells.
private func shrunk(_ cells: [RGB]) -> [RGB] {
    let side = Picture.side
    let row = Canvas.cells
    return (0 ..< side * side).map { pixel in
        let cell = pixel / side * 2 * row + pixel % side * 2
        return (cells[cell] &+ cells[cell + 1] &+ cells[cell + row] &+ cells[cell + row + 1]) / 4
    }
}

/// Returns the mean of every pixel and its eight neighbors; border pixels are repeated outwards.
private func blurred(_ colors: [RGB]) -> [RGB] {
    let last = Picture.side - 1
    var rows = colors
    for row in 0 ... last {
        let start = row * (last + 1)
        for column in 0 ... last {
            rows[start + column] =
                colors[start + max(column - 1, 0)] &+ colors[start + column] &+ colors[start + min(column + 1, last)]
        }
    }
    var means = rows
    for row in 0 ... last {
        let above = max(row - 1, 0) * (last + 1)
        let here = row * (last + 1)
        let below = min(row + 1, last) * (last + 1)
        for column in 0 ... last {
            means[here + column] = (rows[above + column] &+ rows[here + column] &+ rows[below + column]) / 9
        }
    }
    return means
}

extension Camera {
    /// Applies light, noise, and clipping, pixel by pixel and channel by channel; this order determines the noise.
    fileprivate func exposed(_ colors: [RGB], _ noise: inout PixelNoise) -> [UInt8] {
        let side = Picture.side
        let sine = SineTable.sine(lightAngle)
        let cosine = SineTable.cosine(lightAngle)
        var pixels = [UInt8](repeating: 0, count: side * side * 3)
        for row in 0 ..< side {
            for column in 0 ..< side {
                let x = 2 * column - side
                let y = 2 * row - side
                let gain = self.gain + (x * cosine + y * sine) / 16384 * light / side
                let grain = self.noise > 0 ? noise.within(-self.noise, self.noise) : 0
                let color = colors[row * side + column]
                for channel in 0 ..< 3 {
                    var value = Int(color[channel]) * gain / 256 + lift + grain
                    if colorNoise > 0 { value += noise.within(-colorNoise, colorNoise) }
                    value = min(max(value, 0), 255)
                    pixels[(row * side + column) * 3 + channel] = UInt8(isInverted ? 255 - value : value)
                }
            }
        }
        return pixels
    }
}

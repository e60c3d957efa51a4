/// A scene before the camera's effects, rendered to 96×96 cells.
struct Canvas {
    /// The number of cells per side.
    static let cells = 96
    /// The side of a cell in units of length.
    static let unit = 16

    private(set) var colors: [RGB]

    /// Paints the ground, specks, and figures in this order, on which the use of `noise` depends.
    init(_ scene: Scene, noise: inout PixelNoise) {
        colors = [RGB](repeating: scene.ground.first, count: Self.cells * Self.cells)
        let ground = Paint(scene.ground, x: Scene.middle, y: Scene.middle, extent: Scene.middle)
        if !ground.isEven {
            for row in 0 ..< Self.cells { paint(ground, row: row, columns: 0 ... Self.cells - 1) }
        }
        for _ in 0 ..< scene.specks { speck(&noise) }
        for figure in scene.figures { draw(figure, &noise) }
    }

    private mutating func paint(_ paint: Paint, row: Int, columns: ClosedRange<Int>) {
        let start = row * Self.cells
        for column in columns { colors[start + column] = paint.color(row: row, column: column) }
    }

    private mutating func speck(_ noise: inout PixelNoise) {
        let x = noise.within(0, Self.cells - 1)
        let y = noise.within(0, Self.cells - 1)
        let radius = noise.within(1, 5)
        var color = RGB()
        for channel in 0 ..< 3 { color[channel] = Int32(noise.within(0, 255)) }
        for row in max(y - radius, 0) ... min(y + radius, Self.cells - 1) {
            for column in max(x - radius, 0) ... min(x + radius, Self.cells - 1)
            where (column - x) * (column - x) + (row - y) * (row - y) <= radius * radius {
                let cell = row * Self.cells + column
                colors[cell] = (colors[cell] &+ color) / 2
            }
        }
    }

    private mutating func draw(_ figure: Figure, _ noise: inout PixelNoise) {
        let polygon = Polygon(figure, noise: &noise)
        if !figure.isHollow {
            let paint = Paint(figure.surface, x: figure.x, y: figure.y, extent: max(figure.width, figure.height))
            polygon.forEachRun { row, columns in self.paint(paint, row: row, columns: columns) }
        }
        if figure.outline.width > 0 {
            polygon.forEachCellNearEdges(figure.outline.width) { row, column in
                colors[row * Self.cells + column] = figure.outline.color
            }
        }
    }
}

/// A surface at a position.
private struct Paint {
    private let surface: Surface
    private let x: Int32
    private let y: Int32
    private let extent: Int32
    private let period: Int32
    private let sine: Int32
    private let cosine: Int32
    /// Whether every cell has the first color.
    let isEven: Bool

    init(_ surface: Surface, x: Int, y: Int, extent: Int) {
        self.surface = surface
        let half = Canvas.unit / 2
        self.x = Int32(half - x)
        self.y = Int32(half - y)
        self.extent = Int32(max(extent, 1))
        period = Int32(max(surface.period, 1))
        sine = Int32(SineTable.sine(surface.angle))
        cosine = Int32(SineTable.cosine(surface.angle))
        isEven = surface.texture == .solid || surface.first == surface.second
    }

    func color(row: Int, column: Int) -> RGB {
        if isEven { return surface.first }
        let px = Int32(truncatingIfNeeded: column * Canvas.unit) + x
        let py = Int32(truncatingIfNeeded: row * Canvas.unit) + y
        let u = (px * cosine + py * sine) / 16384
        let v = (py * cosine - px * sine) / 16384
        let weight = surface.texture.weight(u, v, period: period, extent: extent)
        return surface.first.mixed(with: surface.second, weight: weight)
    }
}

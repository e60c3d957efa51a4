/// The outline of a figure on the canvas as closed contours.
struct Polygon {
    private(set) var contours: [[Shape.Vertex]]

    /// Places the outline of `figure` and moves its vertices by noise in order, x before y.
    init(_ figure: Figure, noise: inout PixelNoise) {
        let sine = SineTable.sine(figure.angle)
        let cosine = SineTable.cosine(figure.angle)
        contours = figure.shape.contours
        for contour in contours.indices {
            for index in contours[contour].indices {
                let vertex = contours[contour][index]
                let x = vertex.x * figure.width / 1024
                let y = vertex.y * figure.height / 1024
                var moved = Shape.Vertex(
                    x: figure.x + (x * cosine - y * sine) / 16384, y: figure.y + (x * sine + y * cosine) / 16384)
                if figure.wobble > 0 {
                    moved.x += noise.within(-figure.wobble, figure.wobble)
                    moved.y += noise.within(-figure.wobble, figure.wobble)
                }
                contours[contour][index] = moved
            }
        }
    }

    /// Calls `body` with both ends of every edge.
    func forEachEdge(_ body: (_ from: Shape.Vertex, _ to: Shape.Vertex) -> Void) {
        for contour in contours {
            guard var from = contour.last else { continue }
            for to in contour {
                body(from, to)
                from = to
            }
        }
    }

    /// Calls `body` with the runs of cells inside of the outline, to whose left is an odd number of edges.
    func forEachRun(_ body: (_ row: Int, _ columns: ClosedRange<Int>) -> Void) {
        let unit = Canvas.unit
        var crossings = [[Int]](repeating: [], count: Canvas.cells)
        forEachEdge { from, to in
            // The rows whose center is at or below the upper end and above the lower end.
            let top = min(from.y, to.y)
            let bottom = max(from.y, to.y)
            let first = max(Self.cell(top + unit / 2 - 1), 0)
            let end = min(Self.cell(bottom + unit / 2 - 1), Canvas.cells)
            for row in first ..< max(end, first) {
                let y = row * unit + unit / 2
                crossings[row].append(from.x + (y - from.y) * (to.x - from.x) / (to.y - from.y))
            }
        }
        for row in crossings.indices where !crossings[row].isEmpty {
            crossings[row].sort()
            for pair in stride(from: 0, to: crossings[row].count - 1, by: 2) {
                let first = max(Self.cell(crossings[row][pair] + unit / 2 - 1), 0)
                let last = min(Self.cell(crossings[row][pair + 1] - unit / 2 - 1), Canvas.cells - 1)
                if first <= last { body(row, first ... last) }
            }
        }
    }

    /// Calls `body` with every cell whose center is at most `width` from an edge, once per edge.
    func forEachCellNearEdges(_ width: Int, _ body: (_ row: Int, _ column: Int) -> Void) {
        let unit = Canvas.unit
        forEachEdge { from, to in
            let dx = to.x - from.x
            let dy = to.y - from.y
            let length = dx * dx + dy * dy
            // The truncated square of the distance to the line is at most width².
            let limit = (width * width + 1) * length
            let columns = Self.cells(from: min(from.x, to.x) - width, to: max(from.x, to.x) + width)
            let rows = Self.cells(from: min(from.y, to.y) - width, to: max(from.y, to.y) + width)
            for row in rows {
                let y = row * unit + unit / 2 - from.y
                for column in columns {
                    let x = column * unit + unit / 2 - from.x
                    let along = x * dx + y * dy
                    let isNear: Bool
                    if along <= 0 {
                        isNear = x * x + y * y <= width * width
                    } else if along >= length {
                        isNear = (x - dx) * (x - dx) + (y - dy) * (y - dy) <= width * width
                    } else {
                        let across = x * dy - y * dx
                        isNear = across * across < limit
                    }
                    if isNear { body(row, column) }
                }
            }
        }
    }

    /// Returns the cells between two coordinates in units, and one more.
    private static func cells(from low: Int, to high: Int) -> Range<Int> {
        let first = max(cell(low), 0)
        return first ..< max(min(cell(high) + 2, Canvas.cells), first)
    }

    /// Returns the cell of a coordinate in units.
    private static func cell(_ coordinate: Int) -> Int { coordinate >> 4 }
}

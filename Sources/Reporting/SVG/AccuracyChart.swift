internal import Glibc
internal import Studies

/// A chart of accuracy against shots on a logarithmic axis, with one line per method and bars for deviations.
struct AccuracyChart {
    /// The line of a method.
    struct Series {
        let name: String
        /// The number of the method, which determines its style and CSS class.
        let number: Int
        let points: [(shots: Shots, value: Summary)]
        /// The accuracy of a method without shots, drawn as a horizontal line.
        let level: Summary?

        /// Whether other methods are compared with this one, so that its line has the color of the text.
        var isBaseline: Bool { name == "zero-shot" }
    }

    let series: [Series]
    let shots: [Shots]
    /// The description for screen readers.
    let label: String

    private static let frame = ChartFrame(width: 720, height: 420, left: 62, right: 14, top: 14, bottom: 64)

    /// The positions along the axis: the logarithm of the number of shots, and one step more for `all`.
    private var positions: [Shots: Double] {
        var last = -1.0
        return shots.reduce(into: [:]) { positions, shots in
            last = shots.number.map { log2(Double(max(1, $0))) } ?? last + 1
            positions[shots] = last
        }
    }

    var svg: HTML {
        let positions = positions
        let margin = positions.count > 1 ? 0.3 : 1
        let x = Self.frame.x((positions.values.min() ?? 0) - margin ... (positions.values.max() ?? 0) + margin)
        let (range, ticks) = Axis.round(extent, within: 0 ... 100)
        let y = Self.frame.y(range)
        return """
            <svg class="chart" viewBox="\(Self.frame.viewBox)" role="img" aria-label="\(label)">
            \(grid(x, y, ticks, positions))
            \(series.enumerated().map { draw($1, offset: offset($0), x, y, positions) })
            </svg>
            """
    }

    /// The values that the vertical axis must include.
    private var extent: [Double] {
        let summaries: [Summary] = series.flatMap { $0.points.map(\.value) } + series.compactMap(\.level)
        return summaries.flatMap { [$0.mean - ($0.deviation ?? 0), $0.mean + ($0.deviation ?? 0)] }
    }

    private func grid(_ x: Axis, _ y: Axis, _ ticks: [Double], _ positions: [Shots: Double]) -> HTML {
        let lines = Self.frame.grid(x, y, ticks: ticks, decimals: 1, gap: 8)
        let marks: [HTML] = shots.map { shots in
            let center = coordinate(x.position(positions[shots] ?? 0))
            return """
                <path class="axis" d="M\(center) \(coordinate(y.start))v5"/><text class="tick" x="\(center)" \
                y="\(coordinate(y.start + 8))" dy=".9em" text-anchor="middle">\(shots.description)</text>

                """
        }
        let middle = coordinate((x.start + x.end) / 2)
        return """
            \(lines)<path class="axis" d="M\(coordinate(x.start)) \(coordinate(y.start))H\(coordinate(x.end))"/>
            \(marks)<text class="name" x="\(middle)" y="\(coordinate(Self.frame.height - 6))" \
            text-anchor="middle">\(shots.isEmpty ? "" : "items of each class to train on")</text>
            """
    }

    /// Returns the horizontal offset of a line, so that bars at the same number of shots do not overlap.
    private func offset(_ index: Int) -> Double {
        let lines = series.count { !$0.points.isEmpty }
        guard lines > 1, series[index].level == nil else { return 0 }
        let rank = series[..<index].count { !$0.points.isEmpty }
        return (Double(rank) - Double(lines - 1) / 2) * min(5, 30 / Double(lines))
    }

    private func draw(_ series: Series, offset: Double, _ x: Axis, _ y: Axis, _ positions: [Shots: Double]) -> HTML {
        let style = SeriesStyle(series.number)
        let title = "\(series.name): \(Self.sentence(series))"
        if let level = series.level {
            let height = y.position(level.mean)
            let line = style.level([(x.start, height), (x.end, height)])
            let color = series.isBaseline ? "base" : "k\(style.color)"
            return """
                <g class="s level \(color) m\(series.number)"><title>\(title)</title>\(line)\
                <text class="tick" x="\(coordinate(x.end))" y="\(coordinate(height - 4))" text-anchor="end">\
                \(series.name)</text></g>

                """
        }
        let points = series.points.map {
            (x: x.position(positions[$0.shots] ?? 0) + offset, y: y.position($0.value.mean))
        }
        let whiskers = zip(series.points, points).map { entry, point -> String in
            guard let deviation = entry.value.deviation else { return "" }
            let high = coordinate(y.position(entry.value.mean + deviation))
            let low = coordinate(y.position(entry.value.mean - deviation))
            let a = coordinate(point.x - 3)
            let b = coordinate(point.x + 3)
            return "M\(a) \(high)H\(b)M\(coordinate(point.x)) \(high)V\(low)M\(a) \(low)H\(b)"
        }.joined()
        return """
            <g class="s k\(style.color) m\(series.number)"><title>\(title)</title>\(style.line(points))\
            <path class="w" d="\(whiskers)"/><path class="p" d="\(points.map { style.mark($0.x, $0.y) }.joined())"/></g>

            """
    }

    private static func sentence(_ series: Series) -> String {
        if let level = series.level { return level.text(2) }
        return series.points.map { "\($0.shots.head) \($0.value.text(2))" }.joined(separator: ", ")
    }
}

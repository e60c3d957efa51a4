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
    }

    let series: [Series]
    let shots: [Shots]
    /// The description for screen readers.
    let label: String

    private static let width = 720.0
    private static let height = 420.0
    private static let left = 62.0
    private static let right = 14.0
    private static let top = 14.0
    private static let bottom = 64.0

    /// The positions along the axis: the logarithm of the number of shots, and one step more for `all`.
    private var positions: [Shots: Double] {
        var positions: [Shots: Double] = [:]
        var last = -1.0
        for shots in shots {
            if case .count(let count) = shots { last = log2(Double(max(1, count))) } else { last += 1 }
            positions[shots] = last
        }
        return positions
    }

    /// The chart as an SVG element.
    var svg: HTML {
        let positions = positions
        let margin = positions.count > 1 ? 0.3 : 1
        let x = Axis(
            values: (positions.values.min() ?? 0) - margin ... (positions.values.max() ?? 0) + margin, start: Self.left,
            end: Self.width - Self.right)
        let (range, ticks) = Axis.round(extent, within: 0 ... 100)
        let y = Axis(values: range, start: Self.height - Self.bottom, end: Self.top)
        return """
            <svg class="chart" viewBox="0 0 \(coordinate(Self.width)) \(coordinate(Self.height))" role="img" \
            aria-label="\(label)">
            \(grid(x, y, ticks, positions))
            \(series.enumerated().map { draw($1, offset: offset($0), x, y, positions) })
            </svg>
            """
    }

    /// The values that the vertical axis must include.
    private var extent: [Double] {
        series.flatMap { series in
            (series.points.map(\.value) + (series.level.map { [$0] } ?? [])).flatMap {
                [$0.mean - ($0.deviation ?? 0), $0.mean + ($0.deviation ?? 0)]
            }
        }
    }

    private func grid(_ x: Axis, _ y: Axis, _ ticks: [Double], _ positions: [Shots: Double]) -> HTML {
        let isWhole = ticks.allSatisfy { $0 == $0.rounded() }
        let lines: [HTML] = ticks.map { tick in
            let height = y.position(tick)
            return """
                <path class="grid" d="M\(coordinate(x.start)) \(coordinate(height))H\(coordinate(x.end))"/>\
                <text class="tick" x="\(coordinate(x.start - 8))" y="\(coordinate(height))" dy=".32em" \
                text-anchor="end">\(decimal(tick, isWhole ? 0 : 1))</text>

                """
        }
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
            \(marks)<text class="name" x="\(middle)" y="\(coordinate(Self.height - 6))" \
            text-anchor="middle">\(shots.isEmpty ? "" : "items of each class to train on")</text>
            """
    }

    /// Returns the horizontal offset of a line, so that bars at the same number of shots do not overlap.
    private func offset(_ index: Int) -> Double {
        let lines = series.filter { !$0.points.isEmpty }.count
        guard lines > 1, series[index].level == nil else { return 0 }
        let rank = series[..<index].filter { !$0.points.isEmpty }.count
        return (Double(rank) - Double(lines - 1) / 2) * min(5, 30 / Double(lines))
    }

    private func draw(_ series: Series, offset: Double, _ x: Axis, _ y: Axis, _ positions: [Shots: Double]) -> HTML {
        let style = SeriesStyle(series.number)
        let title = "\(series.name): \(Self.sentence(series))"
        if let level = series.level {
            let height = y.position(level.mean)
            let line = path([(x.start, height), (x.end, height)])
            return """
                <g class="s level m\(series.number)"><title>\(title)</title><path class="l" d="\(line)"/>\
                <text class="tick" x="\(coordinate(x.end))" y="\(coordinate(height - 4))" text-anchor="end">\
                \(series.name)</text></g>

                """
        }
        let points = series.points.map {
            (x: x.position(positions[$0.shots] ?? 0) + offset, y: y.position($0.value.mean))
        }
        let whiskers = zip(series.points, points).map { entry, point -> String in
            guard let deviation = entry.value.deviation else { return "" }
            let high = y.position(entry.value.mean + deviation)
            let low = y.position(entry.value.mean - deviation)
            let a = coordinate(point.x - 3)
            let b = coordinate(point.x + 3)
            let h = coordinate(high)
            let l = coordinate(low)
            return "M\(a) \(h)H\(b)M\(coordinate(point.x)) \(h)V\(l)M\(a) \(l)H\(b)"
        }.joined()
        return """
            <g class="s k\(style.color) m\(series.number)"><title>\(title)</title>\(style.line(points))\
            <path class="w" d="\(whiskers)"/><path class="p" d="\(points.map { style.mark($0.x, $0.y) }.joined())"/></g>

            """
    }

    /// Formats the numbers of a line.
    private static func sentence(_ series: Series) -> String {
        if let level = series.level { return level.text(2) }
        return series.points.map { "\($0.shots.head) \($0.value.text(2))" }.joined(separator: ", ")
    }
}

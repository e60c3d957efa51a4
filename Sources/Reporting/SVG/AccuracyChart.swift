internal import Glibc
internal import Studies

/// Accuracy against shots: a line with deviations a method, shots doubling along the axis.
struct AccuracyChart {
    struct Series {
        let name: String
        /// What it is drawn as, and its class on the page.
        let number: Int
        let points: [(shots: Shots, value: Summary)]
        /// The number of a method that takes no shots: a level line.
        let level: Summary?
    }

    let series: [Series]
    let shots: [Shots]
    /// What the chart shows, for who cannot see it.
    let label: String

    private static let (width, height) = (720.0, 420.0)
    private static let (left, right, top, bottom) = (62.0, 14.0, 14.0, 64.0)

    /// Positions along the axis: the logarithm of the shots, with the whole part one further.
    private var positions: [Shots: Double] {
        var positions: [Shots: Double] = [:]
        var last = -1.0
        for shots in shots {
            if case .count(let count) = shots { last = log2(Double(max(1, count))) } else { last += 1 }
            positions[shots] = last
        }
        return positions
    }

    var svg: HTML {
        let positions = positions
        let margin = positions.count > 1 ? 0.3 : 1
        let x = Axis(
            values: (positions.values.min() ?? 0) - margin ... (positions.values.max() ?? 0) + margin, start: Self.left,
            end: Self.width - Self.right)
        let (range, ticks) = Axis.round(extent, within: 0 ... 100)
        let y = Axis(values: range, start: Self.height - Self.bottom, end: Self.top)
        return """
            <svg class="chart" viewBox="0 0 \(coordinate(Self.width)) \(coordinate(Self.height))" role="img" aria-label="\(label)">
            \(grid(x, y, ticks, positions))
            \(series.enumerated().map { draw($1, offset: offset($0), x, y, positions) })
            </svg>
            """
    }

    /// All that is to be seen between the lowest and the highest tick.
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
            let place = y.place(tick)
            return """
                <path class="grid" d="M\(coordinate(x.start)) \(coordinate(place))H\(coordinate(x.end))"/>\
                <text class="tick" x="\(coordinate(x.start - 8))" y="\(coordinate(place))" dy=".32em" \
                text-anchor="end">\(decimal(tick, isWhole ? 0 : 1))</text>

                """
        }
        let marks: [HTML] = shots.map { shots in
            let place = coordinate(x.place(positions[shots] ?? 0))
            return """
                <path class="axis" d="M\(place) \(coordinate(y.start))v5"/><text class="tick" x="\(place)" \
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

    /// Lines that share a number of shots stand a little apart, so that their deviations can be told.
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
            let place = y.place(level.mean)
            let line = path([(x.start, place), (x.end, place)])
            return """
                <g class="s level m\(series.number)"><title>\(title)</title><path class="l" d="\(line)"/>\
                <text class="tick" x="\(coordinate(x.end))" y="\(coordinate(place - 4))" text-anchor="end">\(series.name)</text></g>

                """
        }
        let points = series.points.map { (x: x.place(positions[$0.shots] ?? 0) + offset, y: y.place($0.value.mean)) }
        let whiskers = zip(series.points, points).map { entry, point -> String in
            guard let deviation = entry.value.deviation else { return "" }
            let (high, low) = (y.place(entry.value.mean + deviation), y.place(entry.value.mean - deviation))
            let (a, b) = (coordinate(point.x - 3), coordinate(point.x + 3))
            let (h, l) = (coordinate(high), coordinate(low))
            return "M\(a) \(h)H\(b)M\(coordinate(point.x)) \(h)V\(l)M\(a) \(l)H\(b)"
        }.joined()
        return """
            <g class="s k\(style.color) m\(series.number)"><title>\(title)</title>\(style.line(points))\
            <path class="w" d="\(whiskers)"/><path class="p" d="\(points.map { style.mark($0.x, $0.y) }.joined())"/></g>

            """
    }

    /// The numbers of a line in words.
    private static func sentence(_ series: Series) -> String {
        if let level = series.level { return level.text(2) }
        return series.points.map { "\($0.shots.head) \($0.value.text(2))" }.joined(separator: ", ")
    }
}

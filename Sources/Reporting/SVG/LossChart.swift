internal import Adapter
internal import Studies

/// A chart of a training's loss and its terms over steps.
struct LossChart {
    /// The line of a term.
    struct Line {
        let name: String
        let values: [(step: Int, value: Double)]
        /// The number of the color; the total uses the text color.
        let number: Int
    }

    let lines: [Line]
    let label: String

    /// The maximum number of points that are distinguishable in the chart.
    private static let mostPoints = 200
    private static let width = 360.0
    private static let height = 220.0
    private static let left = 50.0
    private static let right = 8.0
    private static let top = 10.0
    private static let bottom = 34.0

    init(_ log: TrainingLog, label: String) {
        self.label = label
        let steps = Self.thinned(log.steps)
        let names = steps.flatMap { $0.parts.keys }.unique.sorted()
        // A single term equals the total.
        let total = names.count == 1 ? [] : [Line(name: "loss", values: steps.map { ($0.step, $0.loss) }, number: 7)]
        lines =
            total
            + names.enumerated().map { index, name in
                Line(
                    name: name, values: steps.compactMap { step in step.parts[name].map { (step.step, $0) } },
                    number: index % 7)
            }
    }

    /// Returns at most ``mostPoints`` of `values`, evenly spaced, including the first and the last.
    static func thinned<Value>(_ values: [Value]) -> [Value] {
        guard values.count > mostPoints else { return values }
        return (0 ..< mostPoints).map { values[$0 * (values.count - 1) / (mostPoints - 1)] }
    }

    /// The chart as an SVG element.
    var svg: HTML {
        let all = lines.flatMap(\.values)
        let lastStep = all.map(\.step).max() ?? 1
        let (range, ticks) = Axis.round(all.map(\.value) + [0], within: -1e30 ... 1e30)
        let y = Axis(values: range, start: Self.height - Self.bottom, end: Self.top)
        let x = Axis(values: 0 ... Double(max(1, lastStep)), start: Self.left, end: Self.width - Self.right)
        let isWhole = ticks.allSatisfy { $0 == $0.rounded() }
        let grid: [HTML] = ticks.map { tick in
            let height = coordinate(y.position(tick))
            return """
                <path class="grid" d="M\(coordinate(x.start)) \(height)H\(coordinate(x.end))"/><text class="tick" \
                x="\(coordinate(x.start - 6))" y="\(height)" dy=".32em" text-anchor="end">\
                \(decimal(tick, isWhole ? 0 : 2))</text>

                """
        }
        let base = coordinate(Self.height - 12)
        return """
            <svg class="chart small" viewBox="0 0 \(coordinate(Self.width)) \(coordinate(Self.height))" role="img" \
            aria-label="\(label)">
            \(grid)<text class="tick" x="\(coordinate(x.start))" y="\(base)">step 0</text>\
            <text class="tick" x="\(coordinate(x.end))" y="\(base)" text-anchor="end">\(lastStep)</text>
            \(lines.map { line in draw(line, x, y) })</svg>
            """
    }

    private func draw(_ line: Line, _ x: Axis, _ y: Axis) -> HTML {
        let style = SeriesStyle(line.number)
        let points = line.values.map { (x: x.position(Double($0.step)), y: y.position($0.value)) }
        return "<g class=\"k\(style.color)\"><title>\(line.name)</title><path class=\"l\" d=\"\(path(points))\"/></g>\n"
    }
}

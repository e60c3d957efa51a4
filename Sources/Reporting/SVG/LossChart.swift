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
    private static let frame = ChartFrame(width: 360, height: 220, left: 50, right: 8, top: 10, bottom: 34)

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
    private static func thinned<Value>(_ values: [Value]) -> [Value] {
        guard values.count > mostPoints else { return values }
        return (0 ..< mostPoints).map { values[$0 * (values.count - 1) / (mostPoints - 1)] }
    }

    var svg: HTML {
        let all = lines.flatMap(\.values)
        let lastStep = all.map(\.step).max() ?? 1
        let (range, ticks) = Axis.round(all.map(\.value) + [0], within: -1e30 ... 1e30)
        let y = Self.frame.y(range)
        let x = Self.frame.x(0 ... Double(max(1, lastStep)))
        let base = coordinate(Self.frame.height - 12)
        return """
            <svg class="chart small" viewBox="\(Self.frame.viewBox)" role="img" aria-label="\(label)">
            \(Self.frame.grid(x, y, ticks: ticks, decimals: 2, gap: 6))\
            <text class="tick" x="\(coordinate(x.start))" y="\(base)">step 0</text>\
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

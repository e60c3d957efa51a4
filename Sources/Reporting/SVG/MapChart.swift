/// A scatter chart of items on two directions of equal scale, in the style of their classes.
struct MapChart {
    struct Point {
        let x, y: Double
        /// The number of the class, which determines the style and the CSS class.
        let number: Int
        /// Whether the mark is drawn in full; others are faint.
        let isTest: Bool
        /// Whether the mark has a ring.
        let isMistake: Bool
        let title: String
    }

    let points: [Point]
    /// The description for screen readers.
    let label: String

    private static let frame = ChartFrame(width: 720, height: 480, left: 10, right: 10, top: 10, bottom: 10)
    private static let radius = 3.2

    var svg: HTML {
        let place = scale()
        let numbers = Set(points.map(\.number)).sorted()
        let groups: [HTML] = numbers.map { number in
            let own = points.filter { $0.number == number }
            // Faint marks are below the others.
            let marks: [HTML] = (own.filter { !$0.isTest } + own.filter(\.isTest)).map { mark($0, place($0)) }
            return "<g class=\"g q\(number) k\(SeriesStyle(number).color)\">\n\(marks)</g>\n"
        }
        return """
            <svg class="chart map" viewBox="\(Self.frame.viewBox)" role="img" aria-label="\(label)">
            \(groups)</svg>
            """
    }

    private func mark(_ point: Point, _ place: (x: Double, y: Double)) -> HTML {
        let shape = SeriesStyle(point.number).mark(place.x, place.y, radius: Self.radius)
        let ring: HTML =
            point.isMistake
            ? "<path class=\"ring\" d=\"\(SeriesStyle(0).mark(place.x, place.y, radius: 2 * Self.radius))\"/>" : ""
        let kind: HTML = point.isTest ? "p" : "p t"
        return "<g><title>\(point.title)</title><path class=\"\(kind)\" d=\"\(shape)\"/>\(ring)</g>\n"
    }

    /// Returns the mapping of coordinates to the frame, which keeps angles.
    private func scale() -> (Point) -> (x: Double, y: Double) {
        let frame = Self.frame
        let finite = points.filter { $0.x.isFinite && $0.y.isFinite }
        let left = finite.map(\.x).min() ?? 0
        let low = finite.map(\.y).min() ?? 0
        let width = (finite.map(\.x).max() ?? 0) - left
        let height = (finite.map(\.y).max() ?? 0) - low
        let room = (x: frame.width - frame.left - frame.right, y: frame.height - frame.top - frame.bottom)
        let unit = min(width > 0 ? room.x / width : .infinity, height > 0 ? room.y / height : .infinity)
        let factor = unit.isFinite ? unit : 0
        return { point in
            let x = frame.width / 2 + (point.x - left - width / 2) * factor
            let y = frame.height / 2 - (point.y - low - height / 2) * factor
            return (x.isFinite ? x : frame.width / 2, y.isFinite ? y : frame.height / 2)
        }
    }
}

/// The text of a progress display.
package struct ProgressLine {
    private let label: String
    private let unit: String
    private let isEven: Bool
    /// The number of finished units.
    package var done = 0
    /// The number of all units.
    package var total = 0
    /// The time in seconds since the work started.
    package var seconds = 0.0
    /// The state of the work: pieces separated by commas, the most important first.
    package var note = ""

    /// Creates the line of work that is counted in `unit` and has the title `label`.
    ///
    /// Units that take very different times have neither rate nor remaining time (`isEven`).
    package init(_ label: String, unit: String, isEven: Bool = true) {
        self.label = label
        self.unit = unit
        self.isEven = isEven
    }

    /// The line with a bar in `columns` columns.
    ///
    /// The bar shrinks before anything is left out. A longer line could not be overwritten.
    package func text(columns: Int, hasColor: Bool = false) -> String {
        var text = "\(done)/\(total) \(unit)"
        let room = columns - label.count - 2 - Self.leastBar
        let state = note.isEmpty ? [] : note.split(separator: ", ").map(String.init)
        for piece in [rate, remaining].compactMap(\.self) + state {
            guard text.count + 2 + piece.count <= room else { break }
            text += ", \(piece)"
        }
        let width = max(Self.leastBar, min(Self.usualBar, columns - label.count - 2 - text.count))
        return "\(label) \(bar(width, hasColor: hasColor)) \(text)"
    }

    /// The line about finished work.
    package var summary: String {
        (["\(label): \(done) \(unit) in \(Self.time(seconds))", rate].compactMap(\.self) + (note.isEmpty ? [] : [note]))
            .joined(separator: ", ")
    }

    private static let leastBar = 6
    private static let usualBar = 24
    /// The time in seconds from which a rate is a measurement.
    private static let measurable = 0.05

    private var rate: String? {
        guard isEven, done > 0, seconds >= Self.measurable else { return nil }
        let perSecond = Double(done) / seconds
        return perSecond >= 10 ? "\(Int(perSecond)) \(unit)/s" : "\(Self.tenths(perSecond)) \(unit)/s"
    }

    private var remaining: String? {
        guard isEven, done > 0, total > done, seconds >= Self.measurable else { return nil }
        return "\(Self.time(seconds * Double(total - done) / Double(done))) left"
    }

    private func bar(_ width: Int, hasColor: Bool) -> String {
        let full = total > 0 ? min(width, done * width / total) : 0
        let left = String(repeating: "━", count: full)
        let right = String(repeating: "─", count: width - full)
        return hasColor ? "\u{1b}[32m\(left)\u{1b}[0m\(right)" : left + right
    }

    /// Formats a duration with two units at most.
    package static func time(_ seconds: Double) -> String {
        guard seconds >= 10 else { return "\(tenths(seconds)) s" }
        let whole = Int(min(seconds, 1e9).rounded())
        if whole < 60 { return "\(whole) s" }
        if whole < 3600 { return "\(whole / 60) min \(whole % 60) s" }
        return "\(whole / 3600) h \(whole / 60 % 60) min"
    }

    private static func tenths(_ value: Double) -> String {
        let tenths = Int((value * 10).rounded())
        return "\(tenths / 10).\(tenths % 10)"
    }
}

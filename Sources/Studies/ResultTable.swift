/// Results as a table for a terminal: a row a method, a column a number of shots.
public struct ResultTable: Sendable, CustomStringConvertible {
    private let lines: [ResultLine]

    public init(_ lines: [ResultLine]) { self.lines = lines }

    /// Mean test accuracy, and the deviation over seeds where there are several, in percent.
    public var description: String {
        guard !lines.isEmpty else { return "no results\n" }
        var shots: [Shots] = []
        var methods: [String] = []
        for line in lines {
            if line.shots != .count(0), !shots.contains(line.shots) { shots.append(line.shots) }
            if !methods.contains(line.method) { methods.append(line.method) }
        }
        let isSelectedOnTest = lines.contains { $0.protocol == .paper }
        let isTested = lines.contains { $0.test_accuracy != nil }
        let title =
            "\(lines[0].dataset), \(isTested ? "test" : "validation") accuracy in percent, protocol \(lines[0].protocol.rawValue)"
            + (isSelectedOnTest ? " (selected on test)" : "")
        let head = ["method"] + (shots.isEmpty ? ["0 shots"] : shots.map(Self.head))
        let rows = methods.map { method in
            [method] + (shots.isEmpty ? [.count(0)] : shots).map { cell(method, $0, tested: isTested) }
        }
        return title + "\n\n" + Self.aligned([head] + rows)
    }

    private static func head(_ shots: Shots) -> String {
        switch shots {
        case .count(let count): count == 1 ? "1 shot" : "\(count) shots"
        case .all: "all items"
        }
    }

    private func cell(_ method: String, _ shots: Shots, tested: Bool) -> String {
        let values = lines.filter { $0.method == method && ($0.shots == shots || $0.shots == .count(0)) }
            .compactMap { tested ? $0.test_accuracy : $0.val_accuracy }
        guard !values.isEmpty else { return "-" }
        let mean = values.reduce(0, +) / Double(values.count)
        guard values.count > 1 else { return hundredths(mean) }
        let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count - 1)
        return "\(hundredths(mean)) ± \(hundredths(variance.squareRoot()))"
    }

    private static func aligned(_ rows: [[String]]) -> String {
        let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { row in
            let cells = row.enumerated().map { column, cell in
                let space = String(repeating: " ", count: widths[column] - cell.count)
                return column == 0 ? cell + space : space + cell
            }
            return cells.joined(separator: "   ") + "\n"
        }.joined()
    }
}

/// A number with two decimals, as accuracies in percent are shown.
public func hundredths(_ value: Double) -> String {
    guard value.isFinite, abs(value) < 1e12 else { return "\(value)" }
    let hundredths = Int((abs(value) * 100).rounded())
    let fraction = hundredths % 100
    return "\(value < 0 && hundredths > 0 ? "-" : "")\(hundredths / 100).\(fraction < 10 ? "0" : "")\(fraction)"
}

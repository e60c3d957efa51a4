/// The mean of some numbers, and their standard deviation if there are several.
public struct Summary: Sendable, Equatable {
    public let mean: Double
    /// The sample standard deviation, with n - 1 in the denominator; nil for a single number.
    public let deviation: Double?
    public let count: Int

    /// Summarizes `values`; nil if there are none.
    public init?(_ values: [Double]) {
        guard !values.isEmpty else { return nil }
        let mean = values.reduce(0, +) / Double(values.count)
        let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        self.init(
            mean: mean, deviation: values.count > 1 ? (squares / Double(values.count - 1)).squareRoot() : nil,
            count: values.count)
    }

    package init(mean: Double, deviation: Double?, count: Int) {
        self.mean = mean
        self.deviation = deviation
        self.count = count
    }

    /// `82.51 ± 1.18`.
    public func text(_ decimals: Int) -> String {
        decimal(mean, decimals) + (deviation.map { " ± \(decimal($0, decimals))" } ?? "")
    }
}

/// Formats `value` with `places` decimals, from 0 to 6, rounded half away from zero.
public func decimal(_ value: Double, _ places: Int) -> String {
    let unit = (0 ..< places).reduce(1) { power, _ in power * 10 }
    guard value.isFinite, abs(value) < 1e9 else { return "\(value)" }
    let whole = Int((abs(value) * Double(unit)).rounded())
    let sign = value < 0 && whole > 0 ? "-" : ""
    guard places > 0 else { return "\(sign)\(whole)" }
    let fraction = "\(whole % unit)"
    return "\(sign)\(whole / unit).\(String(repeating: "0", count: places - fraction.count))\(fraction)"
}

/// Lays `rows` out in columns separated by spaces; the first `labelCount` columns are left-aligned, the others right-aligned.
package func alignedText(_ rows: [[String]], labelCount: Int) -> String {
    let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
    return rows.map { row in
        let cells = row.enumerated().map { column, cell in
            let space = String(repeating: " ", count: widths[column] - cell.count)
            return column < labelCount ? cell + space : space + cell
        }
        let line = cells.joined(separator: "   ")
        return line[..<(line.lastIndex { $0 != " " }.map(line.index(after:)) ?? line.startIndex)] + "\n"
    }.joined()
}

internal import Studies

/// The mean of some numbers, and their deviation where there are several.
public struct Summary: Sendable, Equatable {
    public let mean: Double
    /// The standard deviation of a sample, with one less than the numbers below the fraction.
    public let deviation: Double?
    public let count: Int

    /// Nil of no numbers.
    public init?(_ values: [Double]) {
        guard !values.isEmpty else { return nil }
        let mean = values.reduce(0, +) / Double(values.count)
        let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        self.init(
            mean: mean, deviation: values.count > 1 ? (squares / Double(values.count - 1)).squareRoot() : nil,
            count: values.count)
    }

    init(mean: Double, deviation: Double?, count: Int) {
        (self.mean, self.deviation, self.count) = (mean, deviation, count)
    }

    /// `82.51 ± 1.18`.
    func text(_ decimals: Int) -> String {
        decimal(mean, decimals) + (deviation.map { " ± \(decimal($0, decimals))" } ?? "")
    }
}

/// `value` with so many decimals, from 0 to 6, rounded away from zero.
func decimal(_ value: Double, _ places: Int) -> String {
    let unit = (0 ..< places).reduce(1) { power, _ in power * 10 }
    guard value.isFinite, abs(value) < 1e9 else { return "\(value)" }
    let whole = Int((abs(value) * Double(unit)).rounded())
    let sign = value < 0 && whole > 0 ? "-" : ""
    guard places > 0 else { return "\(sign)\(whole)" }
    let fraction = "\(whole % unit)"
    return "\(sign)\(whole / unit).\(String(repeating: "0", count: places - fraction.count))\(fraction)"
}

/// The same with its sign, as differences are written.
func signed(_ value: Double, _ places: Int) -> String {
    let text = decimal(value, places)
    return text.hasPrefix("-") || !text.contains(where: { ("1" ... "9").contains($0) }) ? text : "+\(text)"
}

/// `1 run`, `3 runs`.
func counted(_ count: Int, _ thing: String) -> String { "\(count) \(thing)\(count == 1 ? "" : "s")" }

internal import Studies

/// The mean and standard deviation of some numbers.
public struct Summary: Sendable, Equatable {
    /// The mean.
    public let mean: Double
    /// The sample standard deviation, with the denominator n - 1; nil for one number.
    public let deviation: Double?
    /// The number of values.
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

    init(mean: Double, deviation: Double?, count: Int) {
        self.mean = mean
        self.deviation = deviation
        self.count = count
    }

    /// Formats the summary as `82.51 ± 1.18`.
    func text(_ decimals: Int) -> String {
        decimal(mean, decimals) + (deviation.map { " ± \(decimal($0, decimals))" } ?? "")
    }
}

/// Formats `value` with 0 to 6 decimals, rounding halves away from zero.
func decimal(_ value: Double, _ decimals: Int) -> String {
    let unit = (0 ..< decimals).reduce(1) { power, _ in power * 10 }
    guard value.isFinite, abs(value) < 1e9 else { return "\(value)" }
    let whole = Int((abs(value) * Double(unit)).rounded())
    let sign = value < 0 && whole > 0 ? "-" : ""
    guard decimals > 0 else { return "\(sign)\(whole)" }
    let fraction = "\(whole % unit)"
    return "\(sign)\(whole / unit).\(String(repeating: "0", count: decimals - fraction.count))\(fraction)"
}

/// Formats a difference with its sign.
func signed(_ value: Double, _ decimals: Int) -> String {
    let text = decimal(value, decimals)
    return text.hasPrefix("-") || !text.contains(where: { ("1" ... "9").contains($0) }) ? text : "+\(text)"
}

/// Formats a number of things, such as `1 run` or `3 runs`.
func counted(_ count: Int, _ thing: String) -> String { "\(count) \(thing)\(count == 1 ? "" : "s")" }

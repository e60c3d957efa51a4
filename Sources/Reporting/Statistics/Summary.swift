/// The mean of some numbers, and their standard deviation if there are several.
public struct Summary: Sendable, Equatable {
    /// The arithmetic mean.
    public let mean: Double
    /// The sample standard deviation, with n - 1 in the denominator; nil for a single number.
    public let deviation: Double?
    /// The number of summarized numbers.
    public let count: Int

    /// Formats the numbers, such as `82.51 ± 1.18`.
    func text(_ decimals: Int) -> String {
        decimal(mean, decimals) + (deviation.map { " ± \(decimal($0, decimals))" } ?? "")
    }
}

extension Summary {
    /// Summarizes `values`; nil if there are none.
    init?(_ values: [Double]) {
        guard !values.isEmpty else { return nil }
        let mean = values.reduce(0, +) / Double(values.count)
        let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        self.init(
            mean: mean, deviation: values.count > 1 ? (squares / Double(values.count - 1)).squareRoot() : nil,
            count: values.count)
    }

    /// Returns the difference of two means without a deviation; nil if one of them is missing.
    static func difference(_ a: Summary?, _ b: Summary?) -> Summary? {
        guard let a, let b else { return nil }
        return Summary([a.mean - b.mean])
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

/// Formats a difference with `places` decimals and its sign.
func signed(_ value: Double, _ places: Int) -> String {
    let text = decimal(value, places)
    return text.hasPrefix("-") || !text.contains(where: { ("1" ... "9").contains($0) }) ? text : "+\(text)"
}

/// Returns each distinct value with the number of its runs, sorted.
func tally(_ values: [String]) -> [String] {
    values.sorted().grouped { $0 }.map { "\($0[0]) (\(counted($0.count, "run")))" }
}

/// `1 run`, `3 runs`.
public func counted(_ count: Int, _ thing: String) -> String { "\(count) \(thing)\(count == 1 ? "" : "s")" }

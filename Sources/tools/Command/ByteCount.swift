public import ArgumentParser

/// A number of bytes, written as `800M` or `4G`.
public struct ByteCount: ExpressibleByArgument {
    /// The number of bytes.
    public let count: Int

    /// Parses a number with an optional binary unit.
    public init?(argument: String) {
        let units: [Character: Int] = ["K": 1 << 10, "M": 1 << 20, "G": 1 << 30, "T": 1 << 40]
        var digits = Substring(argument.uppercased())
        if digits.hasSuffix("IB") {
            digits = digits.dropLast(2)
        } else if digits.hasSuffix("B") {
            digits = digits.dropLast()
        }
        let unit = digits.last.flatMap { units[$0] }
        if unit != nil { digits = digits.dropLast() }
        guard let number = Int(digits), number > 0 else { return nil }
        let (count, overflows) = number.multipliedReportingOverflow(by: unit ?? 1)
        guard !overflows else { return nil }
        self.count = count
    }
}

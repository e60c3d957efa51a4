public import ArgumentParser

/// A number of bytes, written as `800M` or `4G`.
public struct ByteCount: ExpressibleByArgument {
    /// The number of bytes.
    public let count: Int

    /// Parses a number with an optional binary unit.
    public init?(argument: String) {
        let units: [Substring: Int] = ["": 1, "K": 1 << 10, "M": 1 << 20, "G": 1 << 30, "T": 1 << 40]
        guard let match = argument.uppercased().wholeMatch(of: /([0-9]+)([KMGT]?)(?:I?B)?/),
            let number = Int(match.1), number > 0, let unit = units[match.2]
        else { return nil }
        let (count, overflows) = number.multipliedReportingOverflow(by: unit)
        guard !overflows else { return nil }
        self.count = count
    }
}

internal import Core

/// An evenly spaced range of a searched setting, spelled `from,to,count`.
public struct GridRange: Sendable, Equatable, Codable {
    /// The lowest value.
    public var from: Float
    /// The highest value.
    public var to: Float
    /// The number of values, both ends included.
    public var count: Int

    /// Takes both ends and the number of values.
    public init(from: Float, to: Float, count: Int) {
        self.from = from
        self.to = to
        self.count = count
    }

    /// Decodes a list of the ends and the number.
    public init(from decoder: any Decoder) throws {
        let values = try decodedList(of: Float.self, 3 ... 3, from: decoder)
        guard let count = Int(exactly: values[2]) else {
            throw DecodingError.dataCorrupted(
                .init(codingPath: decoder.codingPath, debugDescription: "no whole number"))
        }
        self.init(from: values[0], to: values[1], count: count)
    }

    /// Encodes the ends and the number as a list.
    public func encode(to encoder: any Encoder) throws { try [from, to, Float(count)].encode(to: encoder) }

    /// The values, ascending.
    var values: [Float] {
        guard count > 1 else { return [from] }
        return (0 ..< count).map { from + Float($0) * (to - from) / Float(count - 1) }
    }

    func contains(_ value: Float) -> Bool { value >= from && value <= to }

    /// Throws `configuration` for an empty range, or one that leaves `bounds`.
    func check(_ name: String, in bounds: ClosedRange<Float>) throws(Fault) {
        guard from <= to, bounds.contains(from), bounds.contains(to), (1 ... 1000).contains(count) else {
            throw .configuration(
                name, found: "\(from),\(to),\(count)",
                expected: "from,to,count: two numbers from \(bounds.lowerBound) to \(bounds.upperBound), and 1 to 1000",
                remedy: "correct it")
        }
    }
}

internal import Core
internal import Kernels

/// An evenly spaced range of a searched setting, spelled `from,to,count`.
public struct GridRange: Sendable, Equatable, Codable {
    public var from: Float
    public var to: Float
    /// The number of values, both ends included.
    public var count: Int

    public init(from: Float, to: Float, count: Int) {
        self.from = from
        self.to = to
        self.count = count
    }

    public init(from decoder: any Decoder) throws {
        var values = try decoder.unkeyedContainer()
        from = try values.decode(Float.self)
        to = try values.decode(Float.self)
        count = try values.decode(Int.self)
        guard values.isAtEnd else {
            throw DecodingError.dataCorruptedError(in: values, debugDescription: "more than three numbers")
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var values = encoder.unkeyedContainer()
        try values.encode(from)
        try values.encode(to)
        try values.encode(count)
    }

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

/// The sizes of a tensor's axes, as they come out of a file that nobody has checked yet.
enum TensorShape {
    /// More axes than any library writes.
    static let maximumRank = 64

    /// The number of elements of `shape`, or nil if it is negative somewhere or past Int.
    static func elementCount(_ shape: [Int]) -> Int? {
        var product = 1
        var isEmpty = false
        for extent in shape {
            guard extent >= 0 else { return nil }
            if extent == 0 {
                isEmpty = true
                continue
            }
            let (next, overflow) = product.multipliedReportingOverflow(by: extent)
            guard !overflow else { return nil }
            product = next
        }
        return isEmpty ? 0 : product
    }

    /// The number of bytes of `shape` at `width` bytes an element, or nil past Int.
    static func byteCount(_ shape: [Int], width: Int) -> Int? {
        guard let count = elementCount(shape) else { return nil }
        let (bytes, overflow) = count.multipliedReportingOverflow(by: width)
        return overflow ? nil : bytes
    }

    /// `shape` as Python writes a list: `[106, 19, 512]`.
    static func text(_ shape: [Int]) -> String { "[" + shape.map(String.init).joined(separator: ", ") + "]" }
}

/// Bytes with thousands separated, for sentences that a person reads.
func grouped(_ count: Int) -> String {
    var digits = Array(String(count.magnitude))
    var place = digits.count - 3
    while place > 0 {
        digits.insert(",", at: place)
        place -= 3
    }
    return (count < 0 ? "-" : "") + String(digits)
}

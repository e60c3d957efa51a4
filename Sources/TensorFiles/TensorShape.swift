/// Checked arithmetic on the untrusted shapes in files.
enum TensorShape {
    /// The maximum number of axes, more than any library writes.
    static let maximumRank = 64

    /// Returns the number of elements of `shape`; nil if an axis is negative or the number overflows.
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

    /// Returns the size in bytes of `shape` with `width` bytes per element; nil if it overflows.
    static func byteCount(_ shape: [Int], width: Int) -> Int? {
        guard let count = elementCount(shape) else { return nil }
        let (bytes, overflow) = count.multipliedReportingOverflow(by: width)
        return overflow ? nil : bytes
    }

    /// Formats `shape` like a Python list: `[106, 19, 512]`.
    static func text(_ shape: [Int]) -> String { "[" + shape.map(String.init).joined(separator: ", ") + "]" }
}

/// Formats a number with thousands separators for messages.
func grouped(_ count: Int) -> String {
    var digits = Array(String(count.magnitude))
    var index = digits.count - 3
    while index > 0 {
        digits.insert(",", at: index)
        index -= 3
    }
    return (count < 0 ? "-" : "") + String(digits)
}

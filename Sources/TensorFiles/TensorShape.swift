/// Checked arithmetic on the untrusted shapes in files.
enum TensorShape {
    /// The maximum number of axes, more than any library writes.
    static let maximumRank = 64

    /// Returns the number of elements of `shape`; nil if an axis is negative or the number overflows.
    static func elementCount(_ shape: [Int]) -> Int? {
        guard shape.allSatisfy({ $0 >= 0 }) else { return nil }
        var product = 1
        for extent in shape where extent > 0 {
            let (next, overflow) = product.multipliedReportingOverflow(by: extent)
            guard !overflow else { return nil }
            product = next
        }
        return shape.contains(0) ? 0 : product
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
    count.magnitude < 1000 ? "\(count)" : "\(grouped(count / 1000)),\("00\(count.magnitude % 1000)".suffix(3))"
}

/// Joins the first of `names` for a message: at most twenty names and about 300 characters.
package func listed(_ names: [String]) -> String {
    var shown = [Substring]()
    var remaining = 300
    for name in names.prefix(20) where remaining > 0 {
        shown.append(name.prefix(remaining))
        remaining -= name.count + 2
    }
    return shown.joined(separator: ", ") + (names.count > shown.count ? ", ..." : "")
}

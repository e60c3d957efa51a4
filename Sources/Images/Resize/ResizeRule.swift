/// The order of the two passes of a resize; it matters because the result of the first is rounded to eight bits.
public enum PassOrder: String, Sendable, Codable, CaseIterable {
    /// Columns first if the height shrinks by more than twice as many pixels as the width, as in Pillow 13 and later.
    case adaptive
    /// Rows first unless the image is more than a hundred times as high as wide, as in Pillow before version 13.
    case fixed
}

/// torchvision's rules for sizes and offsets, including their rounding.
package enum ResizeRule {
    /// Returns the size of an image whose shorter side becomes `side`; the longer one is rounded down.
    package static func size(ofShorterSide side: Int, width: Int, height: Int) -> (width: Int, height: Int) {
        let long = Int(Double(side * max(width, height)) / Double(min(width, height)))
        return width <= height ? (side, long) : (long, side)
    }

    /// Whether a resize from `source` to `target` sums columns before rows.
    static func isVerticalFirst(
        _ order: PassOrder, from source: (width: Int, height: Int), to target: (width: Int, height: Int)
    ) -> Bool {
        let saved = source.height - target.height
        switch order {
        case .adaptive: return saved > 0 && saved > 2 * (source.width - target.width)
        case .fixed: return saved > 0 && source.height > 100 * source.width
        }
    }

    /// Returns the start of a centered crop of `side` out of `length` pixels; negative if the crop is padded.
    static func offset(of side: Int, in length: Int) -> Int {
        if side > length { return -((side - length) / 2) }
        return Int((Double(length - side) / 2).rounded(.toNearestOrEven))
    }
}

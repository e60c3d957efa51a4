/// Which way an image is resized first: what is between the two passes is rounded to eight bits, so results differ a little.
public enum PassOrder: String, Sendable, Codable, CaseIterable {
    /// As Pillow does since version 13: along the columns if the height shrinks by more than twice what the width does.
    case adaptive
    /// As Pillow did before: along the rows, unless the image is more than a hundred times as high as it is wide.
    case fixed
}

/// torchvision's rules for sizes and places, roundings included.
enum ResizeRule {
    /// The size of an image whose shorter side becomes `side`: the longer one is cut off to a whole number.
    static func size(ofShorterSide side: Int, width: Int, height: Int) -> (width: Int, height: Int) {
        let long = Int(Double(side * max(width, height)) / Double(min(width, height)))
        return width <= height ? (side, long) : (long, side)
    }

    /// Whether the columns are summed before the rows when an image of one size becomes one of another.
    static func isVerticalFirst(
        _ order: PassOrder, from source: (width: Int, height: Int), to target: (width: Int, height: Int)
    ) -> Bool {
        let saved = source.height - target.height
        switch order {
        case .adaptive: return saved > 0 && saved > 2 * (source.width - target.width)
        case .fixed: return saved > 0 && source.height > 100 * source.width
        }
    }

    /// Where a crop of `side` pixels starts among `length`, a half rounded to even; below zero where it is padded.
    static func offset(of side: Int, in length: Int) -> Int {
        if side > length { return -((side - length) / 2) }
        return Int((Double(length - side) / 2).rounded(.toNearestOrEven))
    }
}

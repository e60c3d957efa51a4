/// The images of a run whose 16-bit gray values were clipped to 255.
public struct ClippedImages: Sendable {
    private var imageCount = 0
    private var pixelCount = 0
    private var clippedCount = 0

    /// Creates an empty set.
    public init() {}

    /// Adds `image` if any of its pixels were clipped.
    public mutating func add(_ image: ImagePixels) {
        guard image.clippedCount > 0 else { return }
        imageCount += 1
        pixelCount += image.width * image.height
        clippedCount += image.clippedCount
    }

    /// Adds the images of `other`.
    public mutating func add(contentsOf other: ClippedImages) {
        imageCount += other.imageCount
        pixelCount += other.pixelCount
        clippedCount += other.clippedCount
    }

    /// A sentence for the user about a run of `total` images; nil if no pixel was clipped.
    public func note(total: Int) -> String? {
        guard imageCount > 0 else { return nil }
        return "\(imageCount) of \(total) \(total == 1 ? "image" : "images") \(imageCount == 1 ? "has" : "have") gray "
            + "values of more than 8 bits, which are clipped to 255 as in Pillow: "
            + "\(Self.percentage(clippedCount, of: pixelCount)) of their pixels are white; scale the values to 8 bits"
    }

    /// The share of clipped pixels of one image, such as `98 % of the pixels are clipped to 255`.
    public static func words(_ image: ImagePixels) -> String {
        "\(percentage(image.clippedCount, of: image.width * image.height)) of the pixels are clipped to 255"
    }

    private static func percentage(_ count: Int, of total: Int) -> String {
        let rounded = Int((100 * Double(count) / Double(total)).rounded())
        return rounded == 0 ? "less than 1 %" : rounded == 100 && count < total ? "more than 99 %" : "\(rounded) %"
    }
}

public import Core

/// Turns decoded images into an encoder's input, reusing its memory from image to image.
///
/// The values equal torchvision's bit for bit. View 0 is `Resize`, `CenterCrop`, `ToTensor`, and `Normalize`; other
/// views start with `RandomResizedCrop` and `RandomHorizontalFlip` instead of the first two. Each thread needs its own
/// preprocessor.
public struct Preprocessor: Sendable {
    /// The settings.
    public let preprocessing: Preprocessing
    private let tables: [Float]
    private var resampler: Resampler

    /// The maximum side of an image; the weights for longer sides would exhaust the memory.
    package static let sideLimit = 1 << 20

    /// Creates a preprocessor.
    ///
    /// - Throws: `configuration` if `preprocessing` is invalid.
    public init(_ preprocessing: Preprocessing) throws(Fault) {
        try self.init(preprocessing, instructions: .best)
    }

    package init(_ preprocessing: Preprocessing, instructions: ResampleInstructions) throws(Fault) {
        try preprocessing.check()
        self.preprocessing = preprocessing
        tables = preprocessing.tables
        resampler = Resampler(instructions)
    }

    /// Writes the normalized values [H×W×3] of a view of `image` into `tensor`, from index `start` on.
    ///
    /// - Throws: `badData` naming `path` if a side of the image is too long.
    public mutating func write(
        _ key: ViewKey, of image: ImagePixels, path: String, into tensor: inout MutableSpan<Float>, at start: Int = 0
    ) throws(Fault) {
        guard max(image.width, image.height) <= Self.sideLimit else {
            throw .badData(
                path, found: "an image of \(image.width) x \(image.height) pixels",
                expected: "no side longer than \(Self.sideLimit)", remedy: "crop it")
        }
        let request = request(key, of: image)
        resampler.resize(image, request) { [length = 3 * preprocessing.size, tables] row, pixels in
            normalize(pixels, by: tables, into: &tensor, at: start + row * length)
        }
    }

    /// Returns the crop of an image of this size that a view shows; nil for view 0.
    public func box(_ key: ViewKey, width: Int, height: Int) -> ViewBox? {
        guard key.view > 0 else { return nil }
        var random = key.generator
        return ViewBox(width: width, height: height, scale: preprocessing.augmentation.scale, random: &random)
    }

    private func request(_ key: ViewKey, of image: ImagePixels) -> ResizeRequest {
        let size = preprocessing.size
        let box =
            box(key, width: image.width, height: image.height)
            ?? ViewBox(left: 0, top: 0, width: image.width, height: image.height, isFlipped: false)
        var target = (width: size, height: size)
        if key.view == 0, preprocessing.resizeMode == .shortest {
            target = ResizeRule.size(ofShorterSide: size, width: image.width, height: image.height)
        }
        let left = ResizeRule.offset(of: size, in: target.width)
        let top = ResizeRule.offset(of: size, in: target.height)
        return ResizeRequest(
            left: box.left, top: box.top,
            columns: ResampleAxis(
                length: box.width, outputs: target.width, window: left ..< left + size, isReversed: box.isFlipped),
            rows: ResampleAxis(length: box.height, outputs: target.height, window: top ..< top + size),
            isVerticalFirst: ResizeRule.isVerticalFirst(
                preprocessing.passes, from: (box.width, box.height), to: target))
    }
}

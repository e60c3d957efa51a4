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

    /// The layout of channels in a tensor.
    public enum ChannelOrder: Sendable {
        /// Three planes [3×H×W], as in PyTorch.
        case first
        /// Adjacent values per pixel [H×W×3], as the encoders of this package read them.
        case last
    }

    /// Writes the normalized values of a view of `image` into `tensor`, starting at the value with index `start`.
    ///
    /// `path` names the image in errors.
    public mutating func write(
        _ key: ViewKey, of image: ImagePixels, path: String, into tensor: inout MutableSpan<Float>, at start: Int = 0,
        channels: ChannelOrder = .first
    ) throws(Fault) {
        let request = try request(key, of: image, path: path)
        resampler.resize(image, request) { [size = preprocessing.size, tables] row, pixels in
            switch channels {
            case .first: Resampler.spread(pixels, row: row, of: size, by: tables, into: &tensor, at: start)
            case .last:
                Resampler.interleave(pixels, by: tables, into: &tensor, at: start + 3 * size * row)
            }
        }
    }

    /// Writes the values of a view of `image` [H×W×3] without normalization, starting at index `start`.
    public mutating func write(
        _ key: ViewKey, of image: ImagePixels, path: String, into pixels: inout MutableSpan<UInt8>, at start: Int = 0
    ) throws(Fault) {
        let request = try request(key, of: image, path: path)
        resampler.resize(image, request) { [length = 3 * preprocessing.size] row, line in
            Resampler.pack(line, into: &pixels, at: start + row * length)
        }
    }

    /// Returns the crop of an image of this size that a view shows; nil for view 0.
    public func box(_ key: ViewKey, width: Int, height: Int) -> ViewBox? {
        guard key.view > 0 else { return nil }
        var random = key.generator
        return ViewBox(width: width, height: height, scale: preprocessing.augmentation.scale, random: &random)
    }

    private func request(_ key: ViewKey, of image: ImagePixels, path: String) throws(Fault) -> ResizeRequest {
        try image.checkSides(path: path)
        let size = preprocessing.size
        let passes = preprocessing.passes
        if let box = box(key, width: image.width, height: image.height) {
            return ResizeRequest(
                left: box.left, top: box.top,
                columns: ResampleAxis(
                    length: box.width, outputs: size, window: 0 ..< size, isReversed: box.isFlipped),
                rows: ResampleAxis(length: box.height, outputs: size, window: 0 ..< size),
                isVerticalFirst: ResizeRule.isVerticalFirst(passes, from: (box.width, box.height), to: (size, size)))
        }
        var target = (width: size, height: size)
        if preprocessing.resizeMode == .shortest {
            target = ResizeRule.size(ofShorterSide: size, width: image.width, height: image.height)
        }
        let left = ResizeRule.offset(of: size, in: target.width)
        let top = ResizeRule.offset(of: size, in: target.height)
        return ResizeRequest(
            columns: ResampleAxis(length: image.width, outputs: target.width, window: left ..< left + size),
            rows: ResampleAxis(length: image.height, outputs: target.height, window: top ..< top + size),
            isVerticalFirst: ResizeRule.isVerticalFirst(passes, from: (image.width, image.height), to: target))
    }
}

public import Core

/// Makes an encoder's input of decoded images, one after the other, in memory that it keeps.
///
/// The values are torchvision's to the bit: `Resize`, `CenterCrop`, `ToTensor` and `Normalize` for view 0,
/// `RandomResizedCrop` and `RandomHorizontalFlip` before the last two for the others. Only pixels that end up in the
/// result are computed. Each thread has one of its own.
public struct Preprocessor: Sendable {
    public let preprocessing: Preprocessing
    private let tables: [Float]
    private var resampler: Resampler

    /// A preprocessor for `preprocessing`, which must be usable.
    public init(_ preprocessing: Preprocessing) throws(Fault) {
        try self.init(preprocessing, instructions: .best)
    }

    package init(_ preprocessing: Preprocessing, instructions: ResampleInstructions) throws(Fault) {
        try preprocessing.check()
        self.preprocessing = preprocessing
        tables = preprocessing.tables
        resampler = Resampler(instructions)
    }

    /// Where the three values of a pixel stand in a tensor.
    public enum ChannelOrder: Sendable {
        /// In three planes [3, H, W], as PyTorch has them.
        case first
        /// Beside each other [H, W, 3], as our encoders take them.
        case last
    }

    /// Writes the normalised values of a view of `image` into `tensor`, from its value `start` on.
    ///
    /// So a batch is filled without copies. `path` is what an error names.
    public mutating func write(
        _ key: ViewKey, of image: ImagePixels, path: String, into tensor: inout MutableSpan<Float>, at start: Int = 0,
        channels: ChannelOrder = .first
    ) throws(Fault) {
        let plan = try plan(key, of: image, path: path)
        resampler.resize(image, plan) { [size = preprocessing.size, tables] row, pixels in
            switch channels {
            case .first: Resampler.spread(pixels, row: row, of: size, by: tables, into: &tensor, at: start)
            case .last:
                Resampler.interleave(pixels, by: tables, into: &tensor, at: start + 3 * size * row)
            }
        }
    }

    /// Writes the values of a view of `image` [H, W, 3] before they are normalised, from value `start` on.
    public mutating func write(
        _ key: ViewKey, of image: ImagePixels, path: String, into pixels: inout MutableSpan<UInt8>, at start: Int = 0
    ) throws(Fault) {
        let plan = try plan(key, of: image, path: path)
        resampler.resize(image, plan) { [length = 3 * preprocessing.size] row, line in
            Resampler.pack(line, into: &pixels, at: start + row * length)
        }
    }

    /// The part of an image of this size that a view shows; nil for view 0.
    public func box(_ key: ViewKey, width: Int, height: Int) -> ViewBox? {
        guard key.view > 0 else { return nil }
        var random = key.generator
        return ViewBox(width: width, height: height, scale: preprocessing.augmentation.scale, random: &random)
    }

    private func plan(_ key: ViewKey, of image: ImagePixels, path: String) throws(Fault) -> ResamplePlan {
        try image.checkSides(path: path)
        let (size, passes) = (preprocessing.size, preprocessing.passes)
        if let box = box(key, width: image.width, height: image.height) {
            return ResamplePlan(
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
        return ResamplePlan(
            columns: ResampleAxis(length: image.width, outputs: target.width, window: left ..< left + size),
            rows: ResampleAxis(length: image.height, outputs: target.height, window: top ..< top + size),
            isVerticalFirst: ResizeRule.isVerticalFirst(passes, from: (image.width, image.height), to: target))
    }
}

public import Core
public import Splits
internal import Synchronization

/// A synthetic data set of drawn images and its split.
///
/// The folder holds `images/CLASS/NUMBER.png` and `TASK.split.json`.
public struct DrawnDataset: Sendable {
    /// The classification task.
    public let task: DrawnTask
    /// The style of the images.
    public let style: Style
    /// The seed of the images.
    public let seed: UInt64
    /// The number of images per class.
    public let count: Int

    /// The valid range of ``count``; the minimum gives one validation image per class.
    public static let counts = 15 ... 9999
    /// The default of ``count``.
    public static let usualCount = 60

    /// Creates a data set with `count` images per class.
    public init(_ task: DrawnTask, style: Style = .plain, seed: UInt64 = 1, count: Int = Self.usualCount) {
        precondition(Self.counts.contains(count), "\(count) images per class, expected \(Self.counts)")
        self.task = task
        self.style = style
        self.seed = seed
        self.count = count
    }

    /// The numbers of a class's images per subset: of 60 images, the first 16, the next 4, and the other 40.
    ///
    /// Smaller counts keep this proportion; images beyond 60 are test images. The images are independent of each other,
    /// so their order is not shuffled.
    public var subsets: (train: Range<Int>, val: Range<Int>, test: Range<Int>) {
        let train = min(count * 16 / 60, 16)
        let val = train + min(count * 4 / 60, 4)
        return (0 ..< train, train ..< val, val ..< count)
    }

    /// The name in results, such as `badges-crayon`; each style is a separate data set.
    var datasetName: String { "\(task.rawValue)-\(style.rawValue)" }

    /// Returns the split of these images, class by class in each subset.
    public func split() throws(Fault) -> Split {
        let subsets = subsets
        func items(_ numbers: Range<Int>) -> ItemList {
            ItemList(
                task.classes.indices.flatMap { label in
                    numbers.map { Item(path: folders[label].appending(path: name($0)), label: label) }
                })
        }
        let settings = ["task": task.rawValue, "style": style.rawValue, "seed": "\(seed)", "count": "\(count)"]
        return try Split(
            dataset: datasetName, root: Self.root, classes: task.classes,
            items: [.train: items(subsets.train), .val: items(subsets.val), .test: items(subsets.test)],
            provenance: Provenance(tool: "fewshot-split draw", inputs: [], settings: settings), path: splitName)
    }

    /// The folder of the images within that of the data set.
    static let root = "images"

    /// The file name of the split.
    public var splitName: String { "\(task.rawValue).split.json" }

    /// The folder of each class within ``root`` [C].
    var folders: [String] { task.classes.map { $0.replacing(" ", with: "_") } }

    /// Returns the file name of an image in the folder of its class.
    func name(_ number: Int) -> String {
        let digits = "\(number)"
        return "\(String(repeating: "0", count: max(0, 2 - digits.count)))\(digits).png"
    }

    /// Draws the images `numbers` of a class on all cores and returns them as PNG files.
    func draw(label: Int, _ numbers: Range<Int>) -> [[UInt8]] {
        let files = Mutex([[UInt8]](repeating: [], count: numbers.count))
        Parallel.forEach(numbers.count) { index in
            let scene = task.scene(label: label, number: numbers.lowerBound + index, seed: seed, style: style)
            let png = Picture(scene).png
            files.withLock { $0[index] = png }
        }
        return files.withLock { $0 }
    }
}

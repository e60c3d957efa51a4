public import Core
public import Splits
internal import Synchronization

/// A folder of drawn images with the split that tells what they are.
///
/// Below it are `images/CLASS/NUMBER.png`, and `TASK.split.json` beside them.
public struct DrawnDataset: Sendable {
    public let task: DrawnTask
    public let style: Style
    public let seed: UInt64
    /// How many images each class has.
    public let count: Int

    /// What ``count`` may be: enough for one shot and one item to choose settings on.
    public static let counts = 15 ... 9999
    public static let usualCount = 60

    public init(_ task: DrawnTask, style: Style = .plain, seed: UInt64 = 1, count: Int = Self.usualCount) {
        precondition(Self.counts.contains(count), "\(count) images a class, expected \(Self.counts)")
        (self.task, self.style, self.seed, self.count) = (task, style, seed, count)
    }

    /// Which images of a class are in which part: of 60 the first 16, the next 4 and the other 40.
    ///
    /// With fewer the parts keep that proportion; what is beyond 60 is tested on. Images are drawn independently of
    /// each other, so their order needs no shuffling.
    public var parts: (train: Range<Int>, val: Range<Int>, test: Range<Int>) {
        let train = min(count * 16 / 60, 16)
        let val = train + min(count * 4 / 60, 4)
        return (0 ..< train, train ..< val, val ..< count)
    }

    /// What results call it, such as `badges-crayon`: each style is a data set of its own.
    var datasetName: String { "\(task.rawValue)-\(style.rawValue)" }

    /// The split of these images, class by class in each part.
    public func split() throws(Fault) -> Split {
        let parts = parts
        func items(_ numbers: Range<Int>) -> ItemList {
            ItemList(
                task.classes.indices.flatMap { label in
                    numbers.map { Item(path: "\(folders[label])/\(name($0))", label: label) }
                })
        }
        let settings = ["task": task.rawValue, "style": style.rawValue, "seed": "\(seed)", "count": "\(count)"]
        return try Split(
            dataset: datasetName, root: Self.root, classes: task.classes, train: items(parts.train),
            val: items(parts.val), test: items(parts.test),
            provenance: Provenance(tool: "fewshot-split draw", inputs: [], settings: settings), path: splitName)
    }

    /// The folder of the images, below that of the data set.
    static let root = "images"

    /// The split's file, beside that folder.
    public var splitName: String { "\(task.rawValue).split.json" }

    /// Below ``root``, the folder of each class [C].
    var folders: [String] { task.classes.map { $0.replacing(" ", with: "_") } }

    /// The file of an image in its class's folder.
    func name(_ number: Int) -> String {
        let digits = "\(number)"
        return "\(String(repeating: "0", count: max(0, 2 - digits.count)))\(digits).png"
    }

    /// Draws some images of a class on all cores, as PNG files in the order of `numbers`.
    func draw(label: Int, _ numbers: Range<Int>) -> [[UInt8]] {
        let files = Mutex([[UInt8]](repeating: [], count: numbers.count))
        Parallel.forEach(numbers.count) { place in
            let scene = task.scene(label: label, number: numbers.lowerBound + place, seed: seed, style: style)
            let png = Picture(scene).png
            files.withLock { $0[place] = png }
        }
        return files.withLock { $0 }
    }
}

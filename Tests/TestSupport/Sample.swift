public import Core
public import FeatureStore
import Foundation

extension Dice {
    /// Returns a value similar to an encoder's output.
    public mutating func value() -> Float {
        (0 ..< 4).reduce(0) { sum, _ in sum + Float.random(in: -1 ... 1, using: &self) }
    }
}

/// The content of a feature file.
public struct Sample: Equatable {
    public var part = FeatureFile.Kind.train
    public var count = 10
    public var views = 2
    public var width = 8
    public var type = FeatureType.float16
    public var isNormalized = false
    public var values: [Float] = []
    public var labels: [Int32] = []
    public var ids: [String] = []
    public var classes = ["apple", "Bär", "cat"]
    public var images: [UInt64]?
    public var whole: WholePart?
    public var provenance = Provenance(tool: "test", inputs: [], settings: ["model": "tiny", "seed": "1"])

    public init(
        part: FeatureFile.Kind = .train, count: Int = 10, views: Int = 2, width: Int = 8, type: FeatureType = .float16,
        seed: UInt64 = 1
    ) {
        self.part = part
        self.count = count
        self.views = views
        self.width = width
        self.type = type
        var dice = Dice(seed: seed)
        values = (0 ..< count * views * width).map { _ in dice.value() }
        if type == .float16 { values = values.map { Float(Float16($0)) } }
        labels = (0 ..< count).map { _ in Int32.random(in: 0 ..< 3, using: &dice) }
        ids = (0 ..< count).map { "images/\($0)" + String(repeating: "ü", count: $0 % 3) + ".jpg" }
        if part == .text { classes = (0 ..< count).map { "class \($0)" } }
    }

    public var items: PartItems { PartItems(labels: labels, ids: ids, classes: classes, images: images, whole: whole) }
    public var prompts: [[String]] { classes.map { name in (0 ..< views).map { "a photo \($0) of a \(name)." } } }
    public var kinds: [PromptKind] { (0 ..< views).map { $0 % 2 == 0 ? .template : .sentence } }

    public func write(to path: String, rowsAtOnce: Int = 3, isCompressed: Bool = false) throws(Fault) {
        var writer = try FeatureWriter(
            path: path, part: part, shape: FeatureShape(count: count, views: views, width: width, type: type))
        writer.isNormalized = isNormalized
        for start in stride(from: 0, to: values.count, by: rowsAtOnce * width) {
            let rows = Array(values[start ..< min(start + rowsAtOnce * width, values.count)])
            try writer.append(rows.span)
        }
        if part == .text {
            try writer.commit(prompts: prompts, kinds: kinds, classes: classes, provenance: provenance)
        } else {
            try writer.commit(items, provenance: provenance)
        }
        if isCompressed { try FeatureFile(path: path).pack(to: path) }
    }

    /// Returns one view of the given items.
    public func rows(_ items: some Sequence<Int>, view: Int) -> [Float] {
        items.flatMap { values[($0 * views + view) * width ..< ($0 * views + view + 1) * width] }
    }

    public init(reading path: String) throws(Fault) {
        let file = try FeatureFile(path: path)
        part = file.part
        count = file.count
        views = file.views
        width = file.width
        type = file.type
        isNormalized = file.isNormalized
        classes = file.classes
        provenance = try file.provenance()
        labels = try file.labels()
        ids = try file.ids()
        if part != .text {
            images = try file.imageChecksums()
            whole = try file.wholePart()
        }
        try file.read(block: 0 ..< count, views: 0 ..< views, into: &values)
    }
}

public import Adapter
public import Core
internal import FeatureStore
public import Studies

/// Features of four classes, each around its own direction, with several views.
public struct SmallFeatures: Sendable {
    public static let classes = ["apple", "bee", "cat", "dog"]
    public static let width = 16

    /// The number of items per class.
    public var itemsOfClass: [Subset: Int] = [.train: 8, .val: 7, .test: 6]
    public var views = 4
    public var hasText = true
    /// Whether the texts are unit rows, without the lengths of an encoder.
    public var hasUnitText = false
    /// Items with other random features.
    public var changed: [Subset: Set<Int>] = [:]
    /// The stored items of a subset, in this order and possibly repeated; all items if missing.
    public var stored: [Subset: [Int]] = [:]

    public init() {}

    public static func label(_ item: Int) -> Int { item % classes.count }

    /// The labels of all items of a subset.
    public func labels(_ part: Subset) -> [Int] { (0 ..< count(part)).map(Self.label) }

    public func count(_ part: Subset) -> Int { (itemsOfClass[part] ?? 0) * Self.classes.count }

    /// Writes the feature files of all subsets that have items, and of the texts.
    public func write(to folder: String) throws(Fault) {
        let provenance = Provenance(tool: "test", inputs: [], settings: ["model": "tiny", "dataset": "small"])
        for part in Subset.allCases where count(part) > 0 {
            let file = FeatureFile.Kind(part)
            let views = part == .train ? views : 1
            let items = stored[part] ?? Array(0 ..< count(part))
            var writer = try FeatureWriter(
                path: "\(folder)/\(file.fileName)", part: file,
                shape: FeatureShape(count: items.count, views: views, width: Self.width))
            for item in items {
                let isChanged = changed[part]?.contains(item) ?? false
                let seed = UInt64(1000 * file.fileName.utf8.count + item + (isChanged ? 77_777 : 0))
                var generator = SeededGenerator(seed: seed)
                try writer.append(Self.rows(views, Self.label(item), noise: 1.5, &generator).span)
            }
            let whole = WholePart(rows: items.map(Int32.init), labels: labels(part).map(Int32.init))
            try writer.commit(
                PartItems(
                    labels: items.map { Int32(Self.label($0)) },
                    ids: items.enumerated().map { "\(part)/\($1).jpg\(items[..<$0].contains($1) ? "#2" : "")" },
                    classes: Self.classes, whole: stored[part] == nil ? nil : whole),
                provenance: provenance)
        }
        guard hasText else { return }
        var writer = try FeatureWriter(
            path: "\(folder)/text.h5", part: .text,
            shape: FeatureShape(count: Self.classes.count, views: 3, width: Self.width))
        var generator = SeededGenerator(seed: 5)
        for label in Self.classes.indices {
            let rows = Self.rows(3, label, noise: 1, &generator)
            try writer.append((hasUnitText ? Self.unit(rows) : rows).span)
        }
        try writer.commit(
            prompts: Self.classes.map { ["a \($0)", "the \($0)", "a \($0) is good"] },
            kinds: [.template, .template, .sentence], classes: Self.classes, provenance: provenance)
    }

    private static func unit(_ rows: [Float]) -> [Float] {
        rows.indices.map { place in
            let row = rows[place / width * width ..< (place / width + 1) * width]
            return rows[place] / row.reduce(0) { $0 + $1 * $1 }.squareRoot()
        }
    }

    private static func rows(
        _ count: Int, _ label: Int, noise: Float, _ generator: inout SeededGenerator
    ) -> [Float] {
        (0 ..< count * width).map { place in
            (place % classes.count == label ? 1 : 0) + 0.4 + Float.random(in: -noise ... noise, using: &generator)
        }
    }
}

/// A study of a few steps.
public func smallStudy(
    _ features: String, _ output: String, _ methods: [any AdapterMethod.Type] = Adapter.methods
) -> Study {
    var study = Study(features: [features], output: output, methods: methods)
    study.shots = [.count(4)]
    study.seeds = [1]
    if study.knows("search_step") { study.settings["search_step"] = .list([20, 5]) }
    let small: [String: Double] = ["epochs": 5, "batch_size": 6, "iterations": 15, "samples": 32]
    for method in MethodDescription.all where methods.contains(where: { $0.name == method.name }) {
        for (name, value) in small where method.settings[name] != nil {
            study.settings["\(method.name).\(name)"] = .number(value)
        }
    }
    return study
}

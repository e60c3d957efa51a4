import Adapter
import Core
import FeatureStore
import Foundation
import Studies
import Synchronization
import TestSupport

/// Features of four classes, each around its own direction, with several views.
struct SmallFeatures {
    static let classes = ["apple", "bee", "cat", "dog"]
    static let width = 16

    /// The number of items per class.
    var itemsOfClass: [Subset: Int] = [.train: 8, .val: 7, .test: 6]
    var views = 4
    var hasText = true
    /// Items with other random features.
    var changed: [Subset: Set<Int>] = [:]
    /// The stored items of a subset, in this order and possibly repeated; all items if missing.
    var stored: [Subset: [Int]] = [:]

    static func label(_ item: Int) -> Int { item % classes.count }

    func count(_ part: Subset) -> Int { (itemsOfClass[part] ?? 0) * Self.classes.count }

    func write(to folder: String) throws {
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
                var dice = Dice(seed: UInt64(1000 * file.fileName.utf8.count + item + (isChanged ? 77_777 : 0)))
                let rows = (0 ..< views).flatMap { _ in Self.row(Self.label(item), noise: 1.5, &dice) }
                try writer.append(rows.span)
            }
            try writer.commit(
                PartItems(
                    labels: items.map { Int32(Self.label($0)) },
                    ids: items.enumerated().map { "\(part)/\($1).jpg\(items[..<$0].contains($1) ? "#2" : "")" },
                    classes: Self.classes, whole: stored[part] == nil ? nil : whole(part, items)),
                provenance: provenance)
        }
        guard hasText else { return }
        var writer = try FeatureWriter(
            path: "\(folder)/text.h5", part: .text,
            shape: FeatureShape(count: Self.classes.count, views: 3, width: Self.width))
        var dice = Dice(seed: 5)
        for label in Self.classes.indices {
            let rows = (0 ..< 3).flatMap { _ in Self.row(label, noise: 1, &dice) }
            try writer.append(rows.span)
        }
        try writer.commit(
            prompts: Self.classes.map { ["a \($0)", "the \($0)", "a \($0) is good"] },
            kinds: [.template, .template, .sentence], classes: Self.classes, provenance: provenance)
    }

    private func whole(_ part: Subset, _ items: [Int]) -> WholePart {
        WholePart(rows: items.map(Int32.init), labels: (0 ..< count(part)).map { Int32(Self.label($0)) })
    }

    private static func row(_ label: Int, noise: Float, _ dice: inout Dice) -> [Float] {
        (0 ..< width).map { d in
            (d % classes.count == label ? 1 : 0) + 0.4 + Float.random(in: -noise ... noise, using: &dice)
        }
    }
}

/// A study of a few steps.
func smallStudy(_ features: String, _ output: String, methods: [any AdapterMethod.Type] = Adapter.methods) -> Study {
    var study = Study(features: [features], output: output, methods: methods)
    study.shots = [.count(4)]
    study.seeds = [1]
    study.settings = ["search_step": .list([20, 5])]
    let small: [(String, Double)] = [("epochs", 5), ("batch_size", 6), ("iterations", 15), ("samples", 32)]
    for method in MethodDescription.all where methods.contains(where: { $0.name == method.name }) {
        for (name, value) in small where method.settings[name] != nil {
            study.settings["\(method.name).\(name)"] = .number(value)
        }
    }
    if !study.knows("search_step") { study.settings["search_step"] = nil }
    return study
}

/// A condition that becomes true after some calls.
final class Countdown: Sendable {
    private let left: Mutex<Int>

    init(_ count: Int) { left = Mutex(count) }

    func isOver() -> Bool {
        left.withLock { left in
            left -= 1
            return left < 0
        }
    }
}

/// The notes of a study.
final class Notes: Sendable {
    private let lines = Mutex<[String]>([])

    func add(_ line: String) { lines.withLock { $0.append(line) } }
    var all: [String] { lines.withLock { $0 } }
}

import Core
import Foundation
import SplitCheck
import Splits
import TestSupport

/// A synthetic data set on disk and its split, removed with this value.
struct CheckedTree: ~Copyable {
    private let scratch: ScratchFolder
    var dataset: String
    let root: String
    let classes: [String]
    private var items: [Subset: [Item]] = [:]
    private var written = 0

    private init(_ scratch: consuming ScratchFolder, _ dataset: String, _ root: String, _ classes: [String]) {
        self.scratch = scratch
        self.dataset = dataset
        self.root = root
        self.classes = classes
    }

    /// Returns a tree with `count` valid images of each class in each subset.
    static func made(
        _ dataset: String = "zoo", root: String = ".", classes: [String] = ["cat", "dog"], each count: Int = 16
    ) throws -> CheckedTree {
        var tree = CheckedTree(try ScratchFolder(), dataset, root, classes)
        for (label, name) in classes.enumerated() {
            for subset in Subset.allCases {
                for number in 0 ..< count { try tree.add("\(name)/\(subset.rawValue)\(number).jpg", subset, label) }
            }
        }
        return tree
    }

    /// The data root.
    var path: String { scratch.path }

    /// A small image of `Tests/Fixtures/images`.
    static func image(_ name: String) throws -> Data { try Data(bytes(of: fixture("images/\(name)"))) }

    /// Writes a file below the split's root.
    func write(_ name: String, _ data: Data) throws {
        try scratch.write(data, root == "." ? name : "\(root)/\(name)")
    }

    /// Writes a unique image, with different bytes after the JPEG's end marker.
    mutating func write(_ name: String) throws {
        written += 1
        try write(name, Self.image("rgb.jpg") + Data("picture \(written)".utf8))
    }

    /// Adds an item to the split.
    mutating func name(_ name: String, _ subset: Subset, _ label: Int) {
        items[subset, default: []].append(Item(path: name, label: label))
    }

    /// Adds an item to the split and writes its image.
    mutating func add(_ name: String, _ subset: Subset, _ label: Int) throws {
        try write(name)
        self.name(name, subset, label)
    }

    func split(origin: ClassOrigin? = nil, sample: SampleRecord? = nil) throws(Fault) -> SplitFile {
        var split = try Split(
            dataset: dataset, root: root, classes: classes, items: items.mapValues { ItemList($0) },
            provenance: Provenance(tool: "test", inputs: [], settings: [:]), path: "split")
        split.origin = origin
        split.sample = sample
        // Outside the data, so that the check does not find it.
        let file = path + ".split.json"
        defer { try? FileManager.default.removeItem(atPath: file) }
        try split.write(to: file)
        return try SplitFile(path: file)
    }

    func report(
        decodes: Bool = false, prompts: String? = nil, origin: ClassOrigin? = nil, sample: SampleRecord? = nil
    ) throws(Fault) -> CheckReport {
        var check = SplitCheck(try split(origin: origin, sample: sample), root: path)
        check.decodes = decodes
        check.prompts = prompts
        return try check.report()
    }
}

extension CheckReport {
    /// The findings as text, such as `missing 3`.
    var found: [String] { findings.map { "\($0.kind.rawValue) \($0.count)" } }
}

extension CheckReport.FolderCount { var text: String { "\(folder) \(count)" } }
extension CheckReport.Item { var text: String { "\(subset) \(path) \(className)" } }
extension CheckReport.FaultyItem { var text: String { "\(subset) \(path) \(found)" } }
extension CheckReport.Rename { var text: String { "\(found) for \(expected)" } }

import Core
import Foundation
import SplitExport
import Splits
import TestSupport
import Testing

/// The output of `make_split_exports.py`: CPython's bytes for names with special characters.
struct SplitExports: Decodable {
    struct Item: Decodable {
        let path: String
        let label: Int

        init(from decoder: any Decoder) throws {
            var items = try decoder.unkeyedContainer()
            path = try items.decode(String.self)
            label = try items.decode(Int.self)
        }
    }

    let classes: [String]
    let split: [String: [Item]]
    let coop: String
    let nothing: String
    let drawnBySeed3: String
    let tip: String

    static func read() throws -> SplitExports {
        try JSONDecoder().decode(Self.self, from: Data(contentsOf: URL(filePath: fixture("split_exports.json"))))
    }

    func made(root: String = "bilder é/all") throws -> Split {
        func items(_ part: String) -> ItemList {
            ItemList((split[part] ?? []).map { Splits.Item(path: $0.path, label: $0.label) })
        }
        return try Split(
            dataset: "mine", root: root, classes: classes,
            items: [.train: items("train"), .val: items("val"), .test: items("test")],
            provenance: Provenance(tool: "test", inputs: [], settings: [:]), path: "made")
    }
}

@Test func oddNamesAreWrittenAsPythonWritesThem() throws {
    let scratch = try ScratchFolder()
    let expected = try SplitExports.read()
    let split = try expected.made()
    try split.writeCoOp(to: scratch.file("coop.json"))
    #expect(try bytes(of: scratch.file("coop.json")) == Array(expected.coop.utf8))
    var half = split
    half.val = ItemList()
    half.test = ItemList()
    try half.writeCoOp(to: scratch.file("half.json"))
    #expect(try bytes(of: scratch.file("half.json")) == Array(expected.nothing.utf8))
    #expect(try SplitFile(path: scratch.file("coop.json")).split.train == split.train)
    #expect(try SplitFile(path: scratch.file("coop.json")).split.classes == split.classes)
}

@Test(
    .enabled(if: sharedData("coop-splits") != nil),
    arguments: ["Caltech101", "DescribableTextures", "EuroSAT", "OxfordFlowers"])
func aPublishedSplitComesOutByteForByte(_ name: String) throws {
    let scratch = try ScratchFolder()
    let path = try #require(sharedData("coop-splits/split_zhou_\(name).json"))
    let copy = scratch.file("copy.json")
    #expect(try SplitFile(path: path).exportCoOp(to: copy, replaces: false) == .written)
    #expect(try bytes(of: copy) == bytes(of: path))
}

@Test func anExportIsReusedRefusedOrReplaced() throws {
    let scratch = try ScratchFolder()
    try sampleSplit().write(to: scratch.file("mine.split.json"))
    let file = try SplitFile(path: scratch.file("mine.split.json"))
    let path = scratch.file("coop.json")
    #expect(try file.exportCoOp(to: path, replaces: false) == .written)
    let first = try bytes(of: path)
    #expect(try file.exportCoOp(to: path, replaces: false) == .reused)
    try scratch.write("something else", "coop.json")
    let found = fault { () throws(Fault) in _ = try file.exportCoOp(to: path, replaces: false) }
    #expect(found?.status == .cannotCreate)
    #expect(found?.remedy.contains("--replace") == true)
    #expect(try bytes(of: path) == Array("something else".utf8))
    #expect(try file.exportCoOp(to: path, replaces: true) == .written)
    #expect(try bytes(of: path) == first)
    // The file for the comparison is removed.
    #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.path).count == 2)
    let folder = fault { () throws(Fault) in _ = try file.exportCoOp(to: scratch.path, replaces: true) }
    #expect(folder?.status == .cannotCreate)
}

@Test func aClassWithoutItemsCannotBeInCoopsFile() throws {
    let scratch = try ScratchFolder()
    var split = try sampleSplit()
    split.classes.append("nothing")
    try split.write(to: scratch.file("mine.split.json"))
    let file = try SplitFile(path: scratch.file("mine.split.json"))
    let found = fault { () throws(Fault) in _ = try file.exportCoOp(to: scratch.file("coop.json"), replaces: false) }
    #expect(found?.found == "no item of the class 'nothing'")
    #expect(!FileManager.default.fileExists(atPath: scratch.file("coop.json")))
}

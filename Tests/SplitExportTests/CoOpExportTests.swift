import Core
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
    let csv: String
    let nothing: String
    let drawnBySeed3: String
    let tip: String

    static func read() throws -> Self {
        try JSONDocument.read(Self.self, from: fixture("split_exports.json"), expected: "")
    }

    func made(root: String = "bilder é/all") throws -> Split {
        func items(_ subset: String) -> ItemList {
            ItemList((split[subset] ?? []).map { Splits.Item(path: $0.path, label: $0.label) })
        }
        return try Split(
            dataset: "mine", root: root, classes: classes,
            items: [.train: items("train"), .val: items("val"), .test: items("test")],
            provenance: Provenance(tool: "test", inputs: [], settings: [:]), path: "made")
    }
}

/// Writes `split` to the file `name` and reads it again.
func written(
    _ split: Split, in scratch: borrowing ScratchFolder, as name: String = "mine.split.json"
) throws -> SplitFile {
    try split.write(to: scratch.file(name))
    return try SplitFile(path: scratch.file(name))
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
    let again = try SplitFile(path: scratch.file("coop.json")).split
    #expect(again.train == split.train && again.classes == split.classes)
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
    let file = try written(sampleSplit(), in: scratch)
    let path = scratch.file("coop.json")
    #expect(try file.exportCoOp(to: path, replaces: false) == .written)
    let first = try bytes(of: path)
    #expect(try file.exportCoOp(to: path, replaces: false) == .reused)
    try scratch.write("something else", "coop.json")
    let found = fault { _ = try file.exportCoOp(to: path, replaces: false) }
    #expect(found?.status == .cannotCreate && found?.remedy.contains("replace the file with replace") == true)
    #expect(try bytes(of: path) == Array("something else".utf8))
    #expect(try file.exportCoOp(to: path, replaces: true) == .written)
    #expect(try bytes(of: path) == first)
    // The file for the comparison is removed.
    #expect(try scratch.names.count == 2)
    #expect(fault { _ = try file.exportCoOp(to: scratch.path, replaces: true) }?.status == .cannotCreate)
}

@Test func aClassWithoutItemsCannotBeInCoopsFile() throws {
    let scratch = try ScratchFolder()
    var split = try sampleSplit()
    split.classes.append("nothing")
    let file = try written(split, in: scratch)
    let found = fault { _ = try file.exportCoOp(to: scratch.file("coop.json"), replaces: false) }
    #expect(found?.found == "no item of the class 'nothing'")
    #expect(try scratch.names == ["mine.split.json"])
}

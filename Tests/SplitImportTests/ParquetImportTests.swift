import Core
import SplitImport
import Splits
import TestSupport
import Testing

private func parquet(
    _ names: [String], _ choose: (inout SplitImport.Settings) -> Void = { _ in }
) throws(Fault) -> ImportedSplit {
    var settings = SplitImport.Settings()
    choose(&settings)
    return try SplitImport.parquet(names.map { fixture("archives/\($0).parquet") }, settings)
}

@Test func rowsOfHuggingFacesTablesAreItemsWithTheirNamesAndSubsets() throws {
    let imported = try parquet(["hf-train", "hf-test"])
    #expect(imported.root == fixture("archives"))
    let split = imported.split
    #expect(split.dataset == "hf" && split.root == ".")
    #expect(split.classes == ["Annual Crop", "sea lake"])
    #expect(split.train.map(\.path) == (0 ..< 7).map { "hf-train.parquet/\($0)" })
    #expect(split.train.labels == [0, 1, 1, 0, 1, 0, 0])
    #expect(split.test.map(\.path) == (0 ..< 3).map { "hf-test.parquet/\($0)" })
    #expect(split.test.labels == [1, 0, 1] && split.val.isEmpty)
    #expect(imported.foundNames == ["AnnualCrop", "sea_lake"])
    #expect(split.provenance.settings == ["source": "parquet", "images": "rows", "names": "cleaned"])
    #expect(try parquet(["hf-test", "hf-train"]).split == split)
    #expect(try parquet(["hf-train"]) { $0.keepsNames = true }.split.classes == ["AnnualCrop", "sea_lake"])
}

@Test func givenNamesTakePrecedenceOverThoseInTheTable() throws {
    let scratch = try ScratchFolder()
    let names = try scratch.write("field\nlake\n", "names.txt")
    let split = try parquet(["hf-train"]) { $0.classes = names }.split
    #expect(split.classes == ["field", "lake"] && split.train.labels == [0, 1, 1, 0, 1, 0, 0])
}

@Test func aTableOfPathsIsAListOfFiles() throws {
    let imported = try parquet(["paths"])
    #expect(imported.root == nil)
    #expect(imported.split.classes == ["cat", "dog"])
    #expect(imported.split.train.map(\.path) == ["cat/1.jpg", "dog/1.jpg"])
    #expect(imported.split.val.map(\.path) == ["dog/2.jpg"] && imported.split.test.map(\.path) == ["cat/2.jpg"])
    let whole = try parquet(["paths"]) { $0.columns = ColumnNames(path: "path", label: "category", subset: "split") }
    #expect(whole.split == imported.split)
}

@Test func invalidColumnsAreRefusedByName() throws {
    func refused(_ name: String, _ choose: (inout SplitImport.Settings) -> Void) -> Fault? {
        fault { _ = try parquet([name], choose) }
    }
    let label = refused("hf-train") { $0.columns.label = "none" }
    #expect(
        label?.expected == "a column named 'none'" && label?.remedy == "name the column with \(option: "label_column")")
    #expect(label?.found == "the columns 'image.bytes', 'image.path', 'label'")
    #expect(refused("plain") { _ in }?.expected == "a column for the label")
    #expect(refused("plain") { $0.columns.label = "tags.list.element" }?.found == "lists in column 'tags.list.element'")
    #expect(refused("plain") { $0.columns.label = "double" }?.found.hasPrefix("numbers as labels") == true)
    #expect(
        refused("plain") {
            $0.columns.label = "text"
            $0.columns.image = "whole"
        }?.found
            == "no bytes in column 'whole'")
    #expect(refused("paths") { $0.columns.image = "bytes" }?.expected == "one called 'bytes' with an image's bytes")
    #expect(refused("hf-train") { $0.columns.path = "none" }?.remedy == "name the column with \(option: "path_column")")
    #expect(refused("paths") { $0.columns.subset = "none" }?.remedy == "name the column with \(option: "split_column")")
    let absent = refused("plain") { $0.columns.label = "text" }
    #expect(absent?.found.hasPrefix("no label at row ") == true, "\(String(describing: absent))")
}

@Test func aChosenColumnIsInTheItemsPaths() throws {
    let imported = try parquet(["plain"]) {
        $0.columns.label = "constant"
        $0.columns.image = "fixed"
    }
    #expect(imported.split.train.first?.path.hasPrefix("plain.parquet/fixed/") == true)
    let usual = try parquet(["plain"]) {
        $0.columns.label = "constant"
        $0.columns.image = "image"
    }
    #expect(usual.split.train.first?.path.split(separator: "/").count == 2)
}

@Test func tablesThatDoNotGoTogetherAreRefused() throws {
    #expect(fault { _ = try parquet(["hf-train", "delta"]) }?.status == .usage)
    let other = fault { _ = try parquet(["hf-test", "none-v1"]) { $0.columns.label = "label" } }
    #expect(other != nil)
    #expect(fault { _ = try parquet([]) }?.status == .usage)
}

@Test func tablesThatAreCalledByNumbersAreNamedAfterTheirFolder() throws {
    let scratch = try ScratchFolder()
    let table = try bytes(of: fixture("archives/hf-train.parquet"))
    for name in ["pets/train-00000-of-00002", "pets/train-00001-of-00002", "cars/train/0000", "cars/test/0000"] {
        try scratch.write(table, "\(name).parquet")
    }
    let files = ["0", "1"].map { scratch.file("pets/train-0000\($0)-of-00002.parquet") }
    let pets = try SplitImport.parquet(files).split
    #expect(pets.dataset == "pets" && pets.train.count == 14 && pets.test.isEmpty)
    // Where files are called alike, their folders name the subset.
    let cars = try SplitImport.parquet(["train", "test"].map { scratch.file("cars/\($0)/0000.parquet") }).split
    #expect(cars.dataset == "cars" && cars.train.count == 7)
    #expect(cars.test.first?.path == "test/0000.parquet/0")
}

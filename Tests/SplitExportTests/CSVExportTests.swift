import Core
import SplitExport
import Splits
import TestSupport
import Testing

@Test func aTableIsWrittenAsCPythonWritesIt() throws {
    let scratch = try ScratchFolder()
    let expected = try SplitExports.read()
    let file = try written(expected.made(), in: scratch)
    let path = scratch.file("items.csv")
    #expect(try file.exportCSV(to: path, replaces: false) == .written)
    #expect(try bytes(of: path) == Array(expected.csv.utf8))
    #expect(try file.exportCSV(to: path, replaces: false) == .reused)
}

@Test func aClassWithoutItemsIsNotExportedAsATable() throws {
    let scratch = try ScratchFolder()
    var split = try sampleSplit()
    split.classes.append("never seen")
    let file = try written(split, in: scratch)
    let refused = fault { _ = try file.exportCSV(to: scratch.file("items.csv"), replaces: false) }
    #expect(refused?.status == .badData && refused?.found == "no item of the class 'never seen'")
}

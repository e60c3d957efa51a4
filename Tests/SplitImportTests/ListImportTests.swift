import Core
import Foundation
import SplitImport
import Splits
import TestSupport
import Testing

/// CPython's results, from `Tests/Fixtures/make_import_archives.py`.
struct ImportGoldens: Decodable {
    struct Cut: Decodable {
        let counts: [Int]
        let val: Double
        let test: Double
        let seed: Int
        let parts: [[[Int]]]
    }
    let archives: [String: [[String]]]
    let tables: [String: [[String]]]
    let cuts: [Cut]

    static let folder = fixture("imports")

    static func read() throws -> Self {
        try JSONDocument.read(Self.self, from: "\(folder)/expected.json", expected: "")
    }
}

extension ImportedSplit {
    /// Every item with the original name of its class, sorted.
    var found: [[String]] {
        Subset.allCases.flatMap { split[$0].map { [$0.path, foundNames[$0.label]] } }.sorted { $0[0] < $1[0] }
    }
}

/// Imports a table with this text.
private func list(
    _ text: String, columns: ColumnNames = ColumnNames(), classes: String? = nil
) throws -> ImportedSplit {
    let scratch = try ScratchFolder()
    var settings = SplitImport.Settings()
    settings.columns = columns
    settings.classes = try classes.map { try scratch.write($0, "names.txt") }
    return try SplitImport.list(scratch.write(text, "items.csv"), settings)
}

@Test(arguments: ["comma.csv", "quoted.csv", "tab.tsv", "semicolon.csv"])
func tablesAreReadAsCPythonReadsThem(name: String) throws {
    let rows = try #require(ImportGoldens.read().tables[name])
    var settings = SplitImport.Settings()
    settings.keepsNames = true
    let imported = try SplitImport.list("\(ImportGoldens.folder)/\(name)", settings)
    let expected = rows.map { [$0[0], $0[1].trimmingCharacters(in: .whitespaces)] }
    #expect(imported.found == expected.sorted { $0[0] < $1[0] })
}

@Test func classesAreDividedInTheOrderOfTheReferenceHash() throws {
    for cut in try ImportGoldens.read().cuts {
        var text = "path,label\n"
        for (label, count) in cut.counts.enumerated() {
            for place in 0 ..< count { text += "\(label)/\(place).jpg,c\(label)\n" }
        }
        let scratch = try ScratchFolder()
        var settings = SplitImport.Settings()
        settings.ratios = try SubsetRatios(val: cut.val, test: cut.test, seed: cut.seed)
        let split = try SplitImport.list(scratch.write(text, "items.csv"), settings).split
        for (place, subset) in Subset.allCases.enumerated() {
            let expected = cut.parts.enumerated().flatMap { label, parts in parts[place].map { "\(label)/\($0).jpg" } }
            #expect(split[subset].map(\.path) == expected, "\(subset), seed \(cut.seed)")
        }
    }
}

@Test func columnsAreFoundByTheirCommonNamesInAnyOrder() throws {
    let imported = try list(
        "id,Split,CLASSNAME,FilePath\n1,train,GreatDane,./b.jpg\n2,validation,cat,a.jpg\n3,TEST,cat,c d.jpg\n")
    let split = imported.split
    #expect(split.classes == ["Great Dane", "cat"] && split.dataset == "items" && split.root == ".")
    #expect(Subset.allCases.map { split[$0].map(\.path) } == [["b.jpg"], ["a.jpg"], ["c d.jpg"]])
    let named = try list("label,where,what\n0,x/1.jpg,dog\n", columns: ColumnNames(path: "where", label: "what"))
    #expect(named.found == [["x/1.jpg", "dog"]])
    let bare = try list("x.jpg,dog,train\ny.jpg,cat,test\n")
    #expect(bare.split.train.map(\.path) == ["x.jpg"] && bare.split.test.map(\.path) == ["y.jpg"])
}

@Test(arguments: ["\r\n", "\n", "\r"])
func anyLineEndingAndAByteOrderMarkAreAccepted(end: String) throws {
    let lines = ["path,label", "a.jpg,cat", "", "b.jpg,\"d\(end)og\"", "c.jpg,cat"]
    let imported = try list("\u{feff}" + lines.joined(separator: end))
    #expect(imported.found == [["a.jpg", "cat"], ["b.jpg", "d\(end)og"], ["c.jpg", "cat"]])
    let broken = fault { _ = try list((lines + ["d.jpg"]).joined(separator: end)) }
    // The field in quotation marks spans two lines.
    #expect(broken?.found.contains(end == "\r" ? "line" : "line 7") == true, "\(String(describing: broken))")
}

@Test func numbersAreIndicesIntoAListOfNames() throws {
    let imported = try list("path,label\na.jpg,2\nb.jpg, 0\nc.jpg,Sea_Lake\n", classes: "ant\nbee\nSea_Lake\n")
    #expect(imported.split.classes == ["ant", "bee", "Sea_Lake"])
    #expect(imported.found == [["a.jpg", "Sea_Lake"], ["b.jpg", "ant"], ["c.jpg", "Sea_Lake"]])
    #expect(imported.notes.contains("no items of 1 class (bee)"))
    #expect(imported.split.provenance.inputs.map(\.role) == ["list", "classes"])
}

@Test(arguments: [
    ("path,label\na.jpg,cat\n/etc/passwd,cat\n", "an absolute path at line 3"),
    ("path,label\n../a.jpg,cat\n", "a path with '..' in it at line 2"), ("path,label\na//b.jpg,cat\n", "line 2"),
    ("path,label\n,cat\n", "an empty path at line 2"), ("path,label\na.jpg,\n", "no label at line 2"),
    ("path,label\na.jpg\n", "1 field on line 2"), ("path,label\na.jpg,cat,x\n", "3 fields on line 2"),
    ("path,label\n\n\na.jpg,\"c\na\nt\"\nb.jpg\n", "1 field on line 7"),
    ("path,label\na.jpg,c\"at\n", "a quotation mark inside a field on line 2"),
    ("path,label\na.jpg,cat\nb.jpg,\"dog\nc.jpg,cat\n", "an unclosed quotation mark on line 3"),
    ("path,label,split\na.jpg,cat,holdout\n", "the subset 'holdout' on line 2"),
    ("path,name\na.jpg,cat\n", "the columns 'path', 'name'"), ("path,label,class\na.jpg,pet,cat\n", "'label', 'class'"),
    ("image\na.jpg\n", "the columns 'image'"), ("a.jpg\nb.jpg\n", "paths without labels"),
    ("a,b,c,d\n", "a column for the path"),
    ("a.jpg,b,c,d\n", "4 columns and no header"), ("name;kind\na.jpg;cat\n", "the columns 'name', 'kind'"),
    ("path,label\n", "no images"),
    ("path,label\na.jpg,0\nb.jpg,1\n", "numeric labels, from 0"), ("path,label\na\0.jpg,cat\n", "a zero byte"),
    ("path,label\na.jpg,Sea_Lake\nb.jpg,SeaLake\n", "two classes, 'SeaLake' and 'Sea_Lake'"),
])
func anInvalidRowIsReportedWithItsLine(text: String, words: String) throws {
    let refused = fault { _ = try list(text) }
    #expect(refused?.status == .badData)
    #expect(refused?.description.contains(words) == true, "\(String(describing: refused))")
}

@Test func numbersBeyondTheListOfNamesAndInvalidUTF8AreRefused() throws {
    for label in ["3", "-1", "99999999999999999999", "wasp"] {
        let refused = fault { _ = try list("path,label\na.jpg,\(label)\n", classes: "ant\nbee\n") }
        #expect(refused?.found == "the label '\(label)' at line 2")
    }
    let scratch = try ScratchFolder()
    let latin = try scratch.write(Array("path,label\na.jpg,caf".utf8) + [0xE9, 0x0A], "latin.csv")
    #expect(fault { _ = try SplitImport.list(latin) }?.found.hasPrefix("invalid UTF-8 on line 2") == true)
}

/// A mutated table gives a valid split or a fault.
@Test func everyMutationOfATableIsImportedOrRefused() throws {
    let scratch = try ScratchFolder()
    let path = try scratch.write(bytes(of: "\(ImportGoldens.folder)/comma.csv"), "items.csv")
    try forEachMutation(of: path, seed: 20_251, rounds: 250) { how in
        do throws(Fault) {
            let imported = try SplitImport.list(path)
            #expect(imported.found.allSatisfy { !$0[0].hasPrefix("/") && !$0[0].isEmpty }, "\(how)")
        } catch { #expect(error.status == .badData, "\(how): \(error)") }
    }
}

@Test func coOpsSplitsAreImportedItemForItemAndOursAreRefused() throws {
    let scratch = try ScratchFolder()
    try scratch.write(
        """
        {"train": [["b/1.jpg", 1, "bee"], ["a/1.jpg", 0, "ant_hill"]], "val": [], "test": [["a/2.jpg", 0, "ant_hill"]]}
        """, "split_zhou_Mine.json")
    let imported = try SplitImport.coOp(scratch.file("split_zhou_Mine.json"), dataset: "mine")
    #expect(imported.split.classes == ["ant_hill", "bee"] && imported.split.dataset == "mine")
    #expect(imported.split.train.map(\.path) == ["b/1.jpg", "a/1.jpg"] && imported.split.train.labels == [1, 0])
    #expect(imported.notes.count == 1)
    try imported.split.write(to: scratch.file("mine.split.json"))
    let ours = fault { _ = try SplitImport.coOp(scratch.file("mine.split.json")) }
    #expect(ours?.status == .badData && ours?.remedy == "use it without importing it")
}

@Test func aTableOfCorrectionsHasPathsAndClasses() throws {
    let scratch = try ScratchFolder()
    let path = try scratch.write(
        "id,label,filepath,note\n7, dog ,cats/1.jpg,wrong\n8,cat,/data/cats/2.jpg,\n", "new.csv")
    let corrections = try LabelCorrection.list(path)
    #expect(
        corrections.map(\.path) == ["cats/1.jpg", "/data/cats/2.jpg"] && corrections.map(\.className) == ["dog", "cat"])
    #expect(corrections[1].place == "\(path), line 3")
    let empty = try scratch.write("path,label\ncats/1.jpg,\n", "empty.csv")
    #expect(fault { _ = try LabelCorrection.list(empty) }?.found == "no label on line 2")
}

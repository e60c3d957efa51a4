import Core
import Foundation
import SplitImport
import Splits
import TestSupport
import Testing

private func list(
    _ text: String, _ name: String = "items.csv", _ choose: (inout SplitImport.Settings) -> Void = { _ in }
) throws -> ImportedSplit {
    let scratch = try ScratchFolder()
    var settings = SplitImport.Settings()
    choose(&settings)
    return try SplitImport.list(scratch.write(text, name), settings)
}

private let wanted = [["cat/1.jpg", "cat"], ["dog/a b,c.jpg", "dog"]]

@Test(arguments: [
    "path,label\ncat/1.jpg,cat\n\"dog/a b,c.jpg\",dog\n", "sep=;\npath;label\ncat/1.jpg;cat\ndog/a b,c.jpg;dog\n",
    "sep=;\r\ncat/1.jpg;cat\r\ndog/a b,c.jpg;dog\r\n",
    "path,label,,\r\ncat/1.jpg,cat,,\r\n,,,\r\n\"dog/a b,c.jpg\",dog,,\r\n",
    ",path,label\n0,cat/1.jpg,cat\n1,\"dog/a b,c.jpg\",dog\n", "0,cat/1.jpg,cat\n1,\"dog/a b,c.jpg\",dog\n",
    "cat,cat/1.jpg\ndog,\"dog/a b,c.jpg\"\n", "cat/1.jpg\tcat\ndog/a b,c.jpg\tdog\n",
    "cat/1.jpg;cat\ndog/a b,c.jpg;dog\n",
    "File Name,Class Name\ncat/1.jpg,cat\n\"dog/a b,c.jpg\",dog\n",
    "IMG,Target\ncat/1.jpg,cat\n\"dog/a b,c.jpg\",dog\n",
    "image_path,species\ncat/1.jpg,cat\n\"dog/a b,c.jpg\",dog\n", "cat/1.jpg cat\ndog/a b,c.jpg dog\n",
    "path label\ncat/1.jpg   cat\n\n  dog/a b,c.jpg dog  \n", "./cat/1.jpg,cat\n\"./dog/a b,c.jpg\",dog\n",
    "path,label\n\u{A0}cat/1.jpg\u{200B},\u{FEFF}cat\n\"dog/a b,c.jpg\",dog\u{A0}\n",
    "path,label\nfile://cat/1.jpg,cat\nfile://dog/a%20b,c.jpg,dog\n".replacing(
        "file://dog/a%20b,c.jpg", with: "\"file://dog/a%20b,c.jpg\""),
    "path,label\ncat\\1.jpg,cat\n\"dog\\a b,c.jpg\",dog\n",
    "label,path,label_id\ncat,cat/1.jpg,0\ndog,\"dog/a b,c.jpg\",1\n",
])
func tablesOfEveryFormHaveTheSameItems(text: String) throws {
    #expect(try list(text).found == wanted, "\(text)")
    #expect(try list("\u{FEFF}" + text).found == wanted, "\(text)")
}

@Test func tablesInUTF16AreRead() throws {
    let scratch = try ScratchFolder()
    let text = "Path;Label\r\nkäfer/1.jpg;Käfer\r\n"
    for (encoding, mark) in [(String.Encoding.utf16LittleEndian, [0xFF, 0xFE]), (.utf16BigEndian, [0xFE, 0xFF])] {
        let bytes = mark.map(UInt8.init) + Array(try #require(text.data(using: encoding)))
        #expect(try SplitImport.list(scratch.write(bytes, "a.csv")).found == [["käfer/1.jpg", "Käfer"]])
    }
}

@Test func spacedListsHaveNumbersAtTheEndOrAfterAnImage() throws {
    let names = try ScratchFolder()
    let classes = try names.write("aircraft carrier\nant\n", "classes.txt")
    let imported = try list("real/a 1/real_0.jpg 0\nreal/a,n/1.jpg 1\n", "real_train.txt") { $0.classes = classes }
    #expect(imported.found == [["real/a 1/real_0.jpg", "aircraft carrier"], ["real/a,n/1.jpg", "ant"]])
    let refused = fault { _ = try list("Abyssinian_100 1 1 1\nAbyssinian_101 1 1 1\n", "list.txt") }
    #expect(refused?.status == .badData, "\(String(describing: refused))")
    let attributes = fault { _ = try list("1.jpg -1 1 1\n2.jpg 1 1 -1\n", "attributes.txt") }
    #expect(attributes?.found == "'1.jpg -1 1 1' on line 1, with spaces between the columns")
    let words = fault { _ = try list("cat one\ndog two\n", "words.txt") }
    #expect(words?.found == "columns separated by spaces: 'cat one'")
}

@Test func aColumnWithOtherValuesThanSubsetsIsNotUsed() throws {
    let used = try list("path,label,set\na.jpg,cat,TRAIN\nb.jpg,dog,valid\nc.jpg,dog,Testing\n").split
    #expect(Subset.allCases.map { used[$0].count } == [1, 1, 1])
    let folds = try list("path,label,fold\na.jpg,cat,0\nb.jpg,dog,1\n")
    #expect(folds.split.train.count == 2)
    #expect(folds.notes.contains("the column 'fold' is not used: '0' is not the name of a subset"))
}

@Test func namesAreTakenBeforeTheirNumbers() throws {
    let imported = try list("path,label,class_name\na.jpg,0,cat\nb.jpg,1,dog\n")
    #expect(imported.found == [["a.jpg", "cat"], ["b.jpg", "dog"]])
    #expect(imported.notes.contains("labels are from the column 'class_name' with names, not from 'label'"))
}

@Test func absolutePathsBelowTheRootBecomeRelative() throws {
    let scratch = try ScratchFolder()
    try scratch.write("x", "data/cat/1.jpg")
    let root = scratch.file("data")
    let text = "filepath\tlabel\n\(root)/cat/1.jpg\tcat\nfile://\(root)/dog/a%20b.jpg\tdog\nemu.jpg\temu\n"
    let imported = try list(text) { $0.root = root }
    #expect(imported.found == [["cat/1.jpg", "cat"], ["dog/a b.jpg", "dog"], ["emu.jpg", "emu"]])
    // The list may have the path of a link to the root, or of its target.
    try scratch.link("link", to: root)
    #expect(try list(text) { $0.root = scratch.file("link") }.found == imported.found)
    let windows = try list("path,label\nC:\\data\\cat\\1.jpg,cat\nC:\\data\\b.jpg,dog\n") { $0.root = "C:\\data" }
    #expect(windows.found == [["b.jpg", "dog"], ["cat/1.jpg", "cat"]])
    #expect(windows.notes.contains("backslashes in paths are taken as the separators of folders"))
}

@Test(arguments: [
    ("/etc/passwd", "an absolute path at line 2: '/etc/passwd'"), ("ROOT/../x.jpg", "a path with '..' in it at line 2"),
    ("ROOTs/x.jpg", "an absolute path"), ("C:\\x.jpg", "an absolute path at line 2: 'C:/x.jpg'"),
    ("https://host/x.jpg", "an address (https://…) at line 2"), ("file:///etc/passwd", "an absolute path"),
    ("..\\x.jpg", "a path with '..' in it"), ("s3://bucket/x.jpg", "an address"), ("ROOT", "an absolute path"),
])
func pathsOutsideTheRootAreRefused(path: String, words: String) throws {
    let scratch = try ScratchFolder()
    let refused = fault {
        _ = try list("path,label\n\(path.replacing("ROOT", with: scratch.path)),cat\n") { $0.root = scratch.path }
    }
    #expect(refused?.status == .badData)
    #expect(refused?.found.hasPrefix(words) == true, "\(String(describing: refused))")
    let bare = fault { _ = try list("path,label\n/data/x.jpg,cat\n") }
    #expect(bare?.remedy.contains("root") == true)
}

@Test func filesOfOtherKindsAreNamed() throws {
    let scratch = try ScratchFolder()
    for (bytes, found) in [
        (Array("PK\u{3}\u{4}".utf8), "an Excel workbook"), ([0xD0, 0xCF, 0x11, 0xE0, 0xA1], "an Excel workbook"),
        (Array("PAR1".utf8), "a parquet file"), ([0x1F, 0x8B, 8, 0], "a file compressed by gzip"),
        (Array("<!DOCTYPE html>".utf8), "a web page"), (Array("<annotation>".utf8), "an XML file"),
        (Array("version https://git-lfs.github.com/spec/v1\n".utf8), "a pointer of Git LFS"),
        ([0xFF, 0xD8, 0xFF, 0xE0], "an image"),
    ] {
        let path = try scratch.write(bytes, "labels.csv")
        let refused = fault { _ = try SplitImport.list(path) }
        #expect(refused?.found.hasPrefix(found) == true, "\(String(describing: refused))")
    }
}

@Test func anExportedTableIsReadBackVerbatim() throws {
    struct Exports: Decodable {
        let classes: [String]
        let csv: String
    }
    let exports = try JSONDocument.read(Exports.self, from: fixture("split_exports.json"), expected: "")
    let split = try list(exports.csv).split
    #expect(split.classes.map { Array($0.utf8) } == exports.classes.map { Array($0.utf8) })
    #expect(Subset.allCases.map { split[$0].count } == [31, 17, 9])
    #expect(split.train.labels.prefix(9).map { Int($0) } == [8, 7, 6, 5, 4, 3, 2, 1, 0])
    #expect(
        split.train[1].path == "emoji \u{1F3D4}\u{FE0F} and \u{1F468}\u{200D}\u{1F469}\u{200D}\u{1F467}/train 0.jpg")
}

@Test func anExportedTableIsReadBackWithItsLabelsAndNames() throws {
    let text =
        "path,label,class,subset\na\\b.jpg,1,\" two\nlines \",train\n\"c,d.jpg\",0,Sea_Lake|x,train\n"
        + "e.jpg,1,\" two\nlines \",val\n\"\"\"f\"\".jpg\",2,0.0,test\n"
    let imported = try list(text)
    #expect(imported.split.classes == ["Sea_Lake|x", " two\nlines ", "0.0"])
    #expect(
        imported.split.train.map(\.path) == ["a\\b.jpg", "c,d.jpg"] && imported.split.train.map(\.label) == [1, 0])
    #expect(imported.split.val.map(\.path) == ["e.jpg"] && imported.split.test.map(\.path) == ["\"f\".jpg"])
    let other = fault { _ = try list(text + "g.jpg,2,0,test\n") }
    #expect(other?.found == "the class '0' at line 8 with the label 2" && other?.expected == "'0.0', as at line 7")
    let gap = fault { _ = try list("path,label,class,subset\na.jpg,0,cat,train\nb.jpg,2,dog,train\n") }
    #expect(gap?.found == "no item of class 1, but 2 different labels")
}

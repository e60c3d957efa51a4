import Core
import SplitImport
import Splits
import TestSupport
import Testing

private let files = ["images/cat 1.jpg", "images/dog_1.png", "images/dog_2.png"]

/// Imports a list beside images, below the folder `root`.
private func list(
    _ text: String, root: String = ".", name: String = "items.csv",
    _ choose: (inout SplitImport.Settings) -> Void = { _ in }
) throws -> ImportedSplit {
    let scratch = try ScratchFolder(files)
    var settings = SplitImport.Settings()
    settings.root = root == "." ? scratch.path : scratch.file(root)
    choose(&settings)
    return try SplitImport.list(scratch.write(text, name), settings)
}

// MARK: Labels

@Test(arguments: ["1,0", "1.0,0.0", "True,False", " TRUE , false "])
func aColumnForEachClassHasTheLabels(first: String) throws {
    let imported = try list("image,cat,dog\na.jpg,\(first)\nb.jpg,0,1\n") { $0.root = nil }
    #expect(imported.found == [["a.jpg", "cat"], ["b.jpg", "dog"]])
    #expect(imported.notes.contains("the column with 1 is the class of an image: cat, dog"))
}

@Test func aColumnForEachClassMayHaveNoOrSeveralLabels() throws {
    let none = fault { _ = try list("image,cat,dog\na.jpg,1,0\nb.jpg,0,0\n") { $0.root = nil } }
    #expect(none?.found == "no label at line 3")
    let several = fault { _ = try list("image,cat,dog\na.jpg,1,0\nb.jpg,1,1\n") { $0.root = nil } }
    #expect(several?.found.hasPrefix("1 image with several labels: 'b.jpg' is ") == true)
    let other = fault { _ = try list("image,cat,dog\na.jpg,1,0\nb.jpg,2,1\n") { $0.root = nil } }
    #expect(other?.found == "'2' in the column 'cat' on line 3")
}

@Test func theFoldersOfImagesMayBeTheirLabels() throws {
    let text = "x/cat/1.jpg\ndog/2.jpg\n"
    #expect(fault { _ = try list(text) { $0.root = nil } }?.remedy.description.contains("label_from folder") == true)
    for list in [text, "path\n\(text)", "path,width\nx/cat/1.jpg,3\ndog/2.jpg,4\n"] {
        let imported = try fewshotList(list)
        #expect(imported.found == [["dog/2.jpg", "dog"], ["x/cat/1.jpg", "cat"]], "\(list)")
    }
    let flat = fault { _ = try fewshotList("1.jpg\n") }
    #expect(flat?.found == "a path without a folder on line 1")
}

private func fewshotList(_ text: String) throws -> ImportedSplit {
    try list(text) {
        $0.root = nil
        $0.labels = .folder
    }
}

@Test func listsOfPathsByClassAreRead() throws {
    let text = #"{"dog": ["b.jpg", "c.jpg"], "cat": ["a.jpg"]}"#
    let imported = try list(text, name: "items.json") { $0.root = nil }
    #expect(imported.found == [["a.jpg", "cat"], ["b.jpg", "dog"], ["c.jpg", "dog"]])
}

// MARK: Places

@Test func pathsWithoutASuffixGetThatOfTheImage() throws {
    let imported = try list("id,breed\ncat 1,cat\ndog_1,dog\ndog_2,dog\n", root: "images")
    #expect(imported.found == [["cat 1.jpg", "cat"], ["dog_1.png", "dog"], ["dog_2.png", "dog"]])
    #expect(imported.notes.contains("3 paths have no suffix; the images have '.jpg'"))
}

@Test func imagesThatAreNotBelowTheRootAreSaidWithTheirPlace() throws {
    func note(_ path: String) throws -> String {
        try list("path,label\n\(path),cat\nimages/other.png,dog\n").notes.first { $0.hasPrefix("none of") } ?? ""
    }
    #expect(try note("images/dog_1.png").isEmpty)
    #expect(try note("dog_1.png").contains("which is in 'images': give root"))
    #expect(
        try note("data/x/images/dog_1.png").contains("but without 'data/x' it is: give remove_prefix data/x/"))
    #expect(try note("images/cat%201.jpg").contains("which is called 'images/cat 1.jpg'"))
    #expect(try note("nowhere.png").hasSuffix("give the folder of the images with root"))
}

@Test(arguments: [
    ("C:\\photos\\images\\dog_1.png", "C:\\photos\\"), ("/mnt/photos/images/dog_1.png", "/mnt/photos"),
    ("s3://bucket/images/dog_1.png", "s3://bucket/"),
])
func theStartOfPathsIsRemoved(path: String, prefix: String) throws {
    let imported = try list("path,label\n\(path),dog\n") { $0.removedPrefix = prefix }
    #expect(imported.found == [["images/dog_1.png", "dog"]])
    #expect(!imported.notes.contains { $0.hasPrefix("none of") })
    let other = fault { _ = try list("path,label\nother/1.png,dog\n") { $0.removedPrefix = prefix } }
    #expect(other?.found == "the path 'other/1.png' at line 2")
}

// MARK: Folders

@Test func foldersOfSystemsAreLeftOut() throws {
    let junk = [
        "cat/@eaDir/1.jpg/SYNOFILE_THUMB_M.jpg", "@eaDir/1.jpg", "__MACOSX/cat/1.jpg", "$RECYCLE.BIN/1.jpg",
        "System Volume Information/1.jpg", "lost+found/1.jpg", ".ipynb_checkpoints/1.jpg", "dog/._1.jpg",
    ]
    let scratch = try ScratchFolder(["cat/1.jpg", "cat/2.jpg", "dog/1.jpg"] + junk)
    let found = try SplitImport.folder(scratch.path).found
    #expect(found == [["cat/1.jpg", "cat"], ["cat/2.jpg", "cat"], ["dog/1.jpg", "dog"]])
}

@Test(arguments: [
    ["cat.0.jpg", "cat.1.jpg", "dog.0.jpg", "dog.12.jpg"], ["cat_001.jpg", "cat_002.jpg", "dog_1.jpg", "dog_2.JPG"],
    ["cat (1).jpg", "cat (2).jpg", "dog1.jpg", "dog2.jpg"],
])
func theNamesOfImagesMayBeginWithTheClass(names: [String]) throws {
    let scratch = try ScratchFolder(names)
    let refused = fault { _ = try SplitImport.folder(scratch.path) }
    #expect(refused?.remedy.description.contains("class_from_name") == true)
    var settings = SplitImport.Settings()
    settings.readsClassesInNames = true
    #expect(try SplitImport.folder(scratch.path, settings).found.map { $0[1] } == ["cat", "cat", "dog", "dog"])
    _ = try scratch.write("x", "other.jpg")
    let other = fault { _ = try SplitImport.folder(scratch.path, settings) }
    #expect(other?.found == "a file name without a number")
}

@Test func classesInNamesKeepTheSubsetsOfFolders() throws {
    let scratch = try ScratchFolder(["train/Great_Pyrenees_1.jpg", "train/beagle_7.jpg", "test/beagle_8.jpg"])
    var settings = SplitImport.Settings()
    settings.readsClassesInNames = true
    let split = try SplitImport.folder(scratch.path, settings).split
    #expect(split.classes == ["Great Pyrenees", "beagle"])
    #expect(split.test.map(\.path) == ["test/beagle_8.jpg"])
}

@Test func namesThatDifferInUnicodeAreSaidToDoSo() throws {
    let scratch = try ScratchFolder(["caf\u{E9}/1.jpg", "cafe\u{301}/1.jpg"])
    #expect(fault { _ = try SplitImport.folder(scratch.path) }?.found.contains("only in their Unicode") == true)
}

@Test func classesOfWhatIsNoClassAreNoted() throws {
    let scratch = try ScratchFolder(["cat/1.jpg", "dog/1.jpg", "misc/1.jpg", "Unlabeled/1.jpg"])
    #expect(
        try SplitImport.folder(scratch.path).notes.contains {
            $0.hasPrefix("2 classes (Unlabeled, misc) whose name does not say what the images show")
        })
}

@Test(arguments: [
    ("a.zip", Array("PK\u{3}\u{4}".utf8), "a ZIP archive", "unpack it"),
    ("a.tar", [UInt8](repeating: 0, count: 600), "an archive", "import it as an archive"),
])
func anArchiveInPlaceOfAFolderIsNamed(name: String, bytes: [UInt8], found: String, remedy: String) throws {
    let scratch = try ScratchFolder()
    let refused = fault { _ = try SplitImport.folder(scratch.write(bytes, name)) }
    #expect(refused?.found == found && refused?.remedy.description.hasPrefix(remedy) == true)
}

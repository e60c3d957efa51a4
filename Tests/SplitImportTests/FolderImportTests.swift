import Core
import Foundation
import SplitImport
import Splits
import TestSupport
import Testing

private func paths(_ items: ItemList) -> [String] { items.map(\.path) }

@Test(arguments: [
    ("AnnualCrop", "Annual Crop"), ("HTTPServer", "HTTP Server"), ("annual_crop", "annual crop"),
    ("T-shirt", "T shirt"), ("  two  words ", "two words"), ("Boeing707", "Boeing707"), ("A300B4", "A300B4"),
    ("747-400", "747 400"),
    ("n01440764", "n01440764"), ("n0144076", "n0144076"), ("N01440764_x", "N01440764 x"), ("___", "___"),
    ("DOG", "DOG"), ("ÜberGröße", "Über Größe"), ("cat😀Dog", "cat😀Dog"), ("a\nb", "a b"), ("SeaLake", "Sea Lake"),
])
func namesAreWrittenAsWords(found: String, name: String) {
    #expect(ClassNaming.cleaned(found) == name)
    // A clean name is unchanged.
    #expect(ClassNaming.cleaned(name) == name)
}

@Test func aFolderOfFoldersIsDividedClassByClass() throws {
    let files = ["SeaLake", "annual_crop", "forest"].flatMap { name in (10 ..< 30).map { "\(name)/\($0).jpg" } }
    let scratch = try ScratchFolder(files)
    let imported = try SplitImport.folder(scratch.path)
    let split = imported.split
    #expect(split.classes == ["Sea Lake", "annual crop", "forest"])
    #expect(imported.foundNames == ["SeaLake", "annual_crop", "forest"])
    #expect(split.root == "." && split.dataset == lastComponent(of: scratch.path))
    #expect(split.train.counts(classCount: 3) == [14, 14, 14])
    #expect(split.val.counts(classCount: 3) == [2, 2, 2] && split.test.counts(classCount: 3) == [4, 4, 4])
    #expect(Subset.allCases.flatMap { paths(split[$0]) }.sorted() == files.sorted())
    for subset in Subset.allCases { #expect(paths(split[subset]) == paths(split[subset]).sorted()) }
    #expect(imported.notes.isEmpty)
    let record = split.provenance
    #expect(
        record.settings == [
            "source": "folder", "names": "cleaned", "val": "0.1", "test": "0.2", "seed": "1", "division": "by hash",
        ])

    // A copy, in another order on disk, gives the same split; another seed gives a different one.
    let copy = try ScratchFolder(files.reversed())
    var settings = SplitImport.Settings()
    settings.dataset = split.dataset
    var again = try SplitImport.folder(copy.path, settings).split
    #expect(again.provenance.inputs.map(\.digest) == record.inputs.map(\.digest))
    again.provenance = record
    #expect(again == split)
    settings.ratios = try SubsetRatios(val: nil, test: nil, seed: 2)
    #expect(try SplitImport.folder(copy.path, settings).split.test != split.test)
}

@Test func foldersNamedAfterSubsetsAreTheSubsetsAndDeeperImagesBelongToTheirClass() throws {
    let scratch = try ScratchFolder([
        "Training/dog/1.jpg", "Training/dog/a/b/2.jpg", "Training/cat/3.jpg", "valid/cat/4.jpg", "valid/fox/5.jpg",
        "valid/9.jpg", "TEST/dog/6.jpg", "7.jpg", "Training/none/notes.txt", "Training/empty/",
    ])
    let imported = try SplitImport.folder(scratch.path)
    let split = imported.split
    #expect(split.classes == ["cat", "dog", "fox"])
    #expect(paths(split.train) == ["Training/cat/3.jpg", "Training/dog/1.jpg", "Training/dog/a/b/2.jpg"])
    #expect(paths(split.val) == ["valid/cat/4.jpg", "valid/fox/5.jpg"] && paths(split.test) == ["TEST/dog/6.jpg"])
    #expect(
        imported.notes == [
            "left out: 2 images (7.jpg, valid/9.jpg) outside the class folders",
            "left out: 2 folders (Training/empty, Training/none) without images",
            "left out: 1 file that is not an image (Training/none/notes.txt)", "no train items of 1 class (fox)",
            "no val items of 1 class (dog)", "no test items of 2 classes (cat, fox)",
        ])
    var settings = SplitImport.Settings()
    settings.ratios = .standard
    let refused = fault { _ = try SplitImport.folder(scratch.path, settings) }
    #expect(refused?.status == .usage && refused?.found == "data with subsets (train, val, test)")
}

@Test(arguments: [
    ([], "no images"), (["1.jpg", "2.jpg"], "2 images (1.jpg, 2.jpg) and no class folders"),
    (["a/b.txt", "c/"], "no images"),
    (["train/a/1.jpg", "val/a/2.jpg", "validation/a/3.jpg"], "'val' and 'validation'"),
    (
        ["SeaLake/1.jpg", "Sea_Lake/2.jpg"],
        "two classes, 'SeaLake' and 'Sea_Lake', with the same name 'Sea Lake' in prompts"
    ),
    // The names of copies packed on different systems.
    (["caf\u{e9}/1.jpg", "cafe\u{301}/2.jpg"], "two classes"),
])
func aFolderWithoutDistinctClassesIsRefused(files: [String], words: String) throws {
    let scratch = try ScratchFolder(files)
    let refused = fault { _ = try SplitImport.folder(scratch.path) }
    #expect(refused?.status == .badData && refused?.subject == scratch.path)
    #expect(refused?.found.contains(words) == true, "\(String(describing: refused))")
}

@Test(arguments: [
    (
        ["train/1.jpg", "car/1.jpg", "plane/1.jpg"], ["car", "plane", "train"],
        "'train' used as a class, because there are other folders beside it"
    ),
    (
        ["n01440764/n01440764_1.JPEG", "n01443537/n01443537_2.JPEG"], ["n01440764", "n01443537"],
        "2 classes (n01440764, n01443537) named by WordNet identifiers, which are meaningless in prompts; replace them "
            + "with words in the split's 'classes', or give names with classes"
    ),
    (
        ["photos/dog/1.jpg", "photos/cat/1.jpg"], ["photos"],
        "'photos' is the only class; if its 2 folders are the classes, import that folder"
    ),
])
func unusualClassesAreNoted(files: [String], classes: [String], note: String) throws {
    let scratch = try ScratchFolder(files)
    let imported = try SplitImport.folder(scratch.path)
    #expect(imported.split.classes == classes)
    #expect(imported.notes.contains(note), "\(imported.notes)")
}

@Test func anImageIsRecognizedByItsSuffixOrElseItsFirstBytes() throws {
    let scratch = try ScratchFolder(["a/1.JPG", "a/text.dat", "a/empty", "a/Thumbs.db"])
    try scratch.write([0xFF, 0xD8, 0xFF, 0xE0], "a/no-suffix")
    try scratch.write([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0], "a/picture.dat")
    let imported = try SplitImport.folder(scratch.path)
    let split = imported.split
    #expect(Set(Subset.allCases.flatMap { paths(split[$0]) }) == ["a/1.JPG", "a/no-suffix", "a/picture.dat"])
    #expect(imported.notes.contains("left out: 3 files that are not images (a/Thumbs.db, a/empty, a/text.dat)"))
}

@Test func imagesAndVideosOfFormatsThatAreNotReadAreNamed() throws {
    let scratch = try ScratchFolder(["a/1.HEIC", "a/1.MOV", "a/2.jxl", "a/3.jxl", "a/4.NEF", "b/5.avif", "b/x.txt"])
    try scratch.write([0xFF, 0x0A, 1], "b/no-suffix")
    let imported = try SplitImport.folder(scratch.path)
    #expect(imported.split.itemCount == 2)
    let formats = "a format that is not read; convert to PNG"
    #expect(
        imported.notes.prefix(4) == [
            "left out: 3 JPEG XL images (a/2.jxl, a/3.jxl, b/no-suffix), \(formats)",
            "left out: 1 QuickTime video (a/1.MOV)", "left out: 1 RAW image (a/4.NEF), \(formats)",
            "left out: 1 file that is not an image (b/x.txt)",
        ])
}

@Test(arguments: [
    (
        ["a/1.psd", "a/2.psd", "b/3.mp4"],
        "2 PSD images (a/1.psd, a/2.psd) and 1 MP4 video (b/3.mp4) in formats that are not read", "convert them"
    ),
    (["a/1.mov"], "1 QuickTime video (a/1.mov)", "take frames"),
])
func aFolderOfUnreadFormatsIsNotCalledEmpty(files: [String], found: String, remedy: String) throws {
    let scratch = try ScratchFolder(files)
    let refused = fault { _ = try SplitImport.folder(scratch.path) }
    #expect(refused?.status == .badData && refused?.found == found)
    #expect(refused?.expected == "images in JPEG, PNG, GIF, BMP, WebP, TIFF, HEIC, AVIF or PPM")
    #expect(refused?.remedy.contains(remedy) == true)
}

@Test func namesMayBeKept() throws {
    let scratch = try ScratchFolder(["SeaLake/1.jpg", "Sea_Lake/2.jpg"])
    var settings = SplitImport.Settings()
    settings.keepsNames = true
    #expect(try SplitImport.folder(scratch.path, settings).split.classes == ["SeaLake", "Sea_Lake"])
}

@Test(arguments: [(1.0, 0.0), (0.5, 0.5), (-0.1, 0.1), (Double.nan, 0), (0, .infinity)])
func ratiosThatLeaveNothingToTrainOnAreRefused(val: Double, test: Double) {
    #expect(fault { _ = try SubsetRatios(val: val, test: test, seed: 1) }?.status == .usage)
}

@Test func metadataGivesTheClassOfEachImage() throws {
    let scratch = try ScratchFolder(["train/1.jpg", "train/2.jpg", "train/x/3.jpg", "test/4.jpg", "test/5.jpg"])
    try scratch.write(
        "file_name,text,label\n1.jpg,\"a, b\",GreatDane\n./2.jpg,,cat\nx/3.jpg,,cat\n", "train/metadata.csv")
    try scratch.write("{\"label\": \"cat\", \"file_name\": \"4.jpg\"}\n\n", "test/metadata.jsonl")
    let imported = try SplitImport.imageFolder(scratch.path)
    let split = imported.split
    #expect(split.classes == ["Great Dane", "cat"])
    #expect(paths(split.train) == ["train/1.jpg", "train/2.jpg", "train/x/3.jpg"] && split.train.labels == [0, 1, 1])
    #expect(paths(split.test) == ["test/4.jpg"])
    #expect(imported.notes.contains("left out: 1 image (test/5.jpg) that the metadata does not list"))

    let lines = ["{\"file_name\": \"train/1.jpg\", \"kind\": 1}", "{\"file_name\": \"test/4.jpg\", \"kind\": 0}", ""]
    try scratch.write(lines.joined(separator: "\n"), "metadata.jsonl")
    var settings = SplitImport.Settings()
    settings.columns.label = "kind"
    let numbers = fault { _ = try SplitImport.imageFolder(scratch.path, settings) }
    #expect(numbers?.remedy.contains("classes FILE") == true)
    settings.classes = try scratch.write("zero\none\ntwo\n", "names.txt")
    let top = try SplitImport.imageFolder(scratch.path, settings).split
    #expect(top.classes == ["zero", "one", "two"] && top.train.labels == [1] && top.test.labels == [0])
    let noColumn = fault { _ = try SplitImport.imageFolder(scratch.path) }
    #expect(noColumn?.found.contains("'label' on line 1") == true)
    #expect(noColumn?.remedy == "name the key with \(option: "label_column")")
}

@Test(arguments: [
    ("{\"file_name\": \"2.jpg\", \"label\": \"a\"}", "missing"),
    ("{\"file_name\": \"../1.jpg\", \"label\": \"a\"}", "'..'"),
    ("{\"file_name\": \"/1.jpg\", \"label\": \"a\"}", "absolute"),
    ("{\"file_name\": 1, \"label\": \"a\"}", "file_name"),
    ("{\"file_name\": \"1.jpg\"}", "label"), ("[1", "JSON"), ("7", "file_name"),
    ("{\"file_name\": \"1.jpg\", \"label\": \" \"}", "no label"),
])
func badMetadataIsRefused(line: String, word: String) throws {
    let scratch = try ScratchFolder(["1.jpg"])
    try scratch.write(line + "\n", "metadata.jsonl")
    let refused = fault { _ = try SplitImport.imageFolder(scratch.path) }
    #expect(refused?.status == .badData)
    #expect(refused?.description.contains(word) == true, "\(String(describing: refused))")
}

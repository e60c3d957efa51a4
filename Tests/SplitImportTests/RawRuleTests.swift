import Catalog
import Core
import Foundation
import SplitImport
import Splits
import TestSupport
import Testing

/// A synthetic data set of `make_raw_trees.py`: its files and CPython's splits of them.
struct RawTree: Decodable, Sendable, CustomTestStringConvertible {
    struct File: Decodable, Sendable {
        /// Below the data root.
        let path: String
        /// Nil for an image.
        let content: Data?

        init(from decoder: any Decoder) throws {
            var values = try decoder.unkeyedContainer()
            path = try values.decode(String.self)
            if try values.decodeNil() {
                content = nil
            } else if let text = try? values.decode(String.self) {
                content = Data(text.utf8)
            } else {
                content = Data(base64Encoded: try values.decode([String: String].self)["base64"] ?? "")
            }
        }
    }

    struct Expected: Decodable, Sendable {
        let seed: Int
        let classes: [String]
        let train: [Pair]
        let val: [Pair]
        let test: [Pair]
        let origin: [Int]?
    }

    struct Pair: Decodable, Sendable {
        let item: Item

        init(from decoder: any Decoder) throws {
            var values = try decoder.unkeyedContainer()
            item = Item(path: try values.decode(String.self), label: try values.decode(Int.self))
        }
    }

    let dataset: String
    let files: [File]
    let splits: [Expected]

    var testDescription: String { dataset }

    static let all: [RawTree] = {
        do { return try JSONDecoder().decode([RawTree].self, from: Data(bytes(of: fixture("raw_trees.json")))) } catch {
            preconditionFailure("raw_trees.json: \(error)")
        }
    }()

    static func named(_ name: String) throws -> RawTree { try #require(all.first { $0.dataset == name }) }

    /// Writes the files below `root`, with or without images.
    func write(to root: DataRoot, withImages: Bool = true) throws {
        for file in files where file.content != nil || withImages {
            try root.write(file.content ?? Data(), to: file.path)
        }
    }
}

/// A temporary data root; a class because closures of `#expect` capture it.
final class DataRoot {
    private let scratch: ScratchFolder

    init() throws { scratch = try ScratchFolder() }

    var path: String { scratch.path }

    func write(_ data: Data, to name: String) throws { try scratch.write(data, name) }

    func write(_ text: String, to name: String) throws { try scratch.write(text, name) }

    func remove(_ name: String) throws { try FileManager.default.removeItem(atPath: scratch.file(name)) }

    func makeFolder(_ name: String) throws { try scratch.write("", "\(name)/") }
}

@Test func everyDataSetHasATree() {
    #expect(RawTree.all.map(\.dataset).sorted() == Catalog.entries.map(\.name).sorted())
}

@Test(arguments: RawTree.all)
func theRawAnnotationsGiveTheSplitOfCPython(_ tree: RawTree) throws {
    let root = try DataRoot()
    try tree.write(to: root)
    let entry = try Catalog.require(tree.dataset)
    #expect(entry.source(in: root.path) == .raw)
    for expected in tree.splits {
        let built = try entry.build(root: root.path, seed: expected.seed)
        let split = built.split
        #expect(built.source == .raw)
        #expect(split.dataset == tree.dataset)
        #expect(split.root == entry.imageRoot)
        #expect(split.classes == expected.classes)
        #expect(split.train == ItemList(expected.train.map(\.item)))
        #expect(split.val == ItemList(expected.val.map(\.item)))
        #expect(split.test == ItemList(expected.test.map(\.item)))
        #expect(split.origin == expected.origin.map { ClassOrigin(dataset: "imagenet", labels: $0) })
        // The seed is written down where a shuffle decides, and only there.
        let isRandom = tree.splits[0].train.map(\.item) != tree.splits[1].train.map(\.item)
        #expect(split.provenance.settings["seed"] == (isRandom ? "\(expected.seed)" : nil))
        let file = "\(root.path)/out-\(expected.seed).split.json"
        #expect(try split.publish(to: file, replaces: true) == .written)
        #expect(try SplitFile(path: file).split == split)
        #expect(try split.publish(to: file, replaces: false) == .reused)
    }
}

@Test(arguments: RawTree.all)
func aListingGivesTheSplitOfTheFolders(_ tree: RawTree) throws {
    let entry = try Catalog.require(tree.dataset)
    let whole = try DataRoot()
    let bare = try DataRoot()
    try tree.write(to: whole)
    try bare.makeFolder(entry.folder)
    try tree.write(to: bare, withImages: false)
    // The output of `find . -type f`, in any order.
    let prefix = "\(entry.folder)/"
    var random = MersenneTwister(key: [5])
    let lines = tree.files.shuffled(using: &random).map { "./\($0.path.dropFirst(prefix.count))\n" }
    try bare.write(lines.joined(), to: "listing.txt")
    let listed = try entry.build(root: bare.path, seed: 7, index: "\(bare.path)/listing.txt")
    #expect(try listed.split == entry.build(root: whole.path, seed: 7).split)
}

@Test func theSameSplitIsReusedAndADifferentOneIsKept() throws {
    let root = try DataRoot()
    try RawTree.named("dtd").write(to: root)
    let entry = try Catalog.require("dtd")
    let file = "\(root.path)/dtd.split.json"
    let first = try entry.build(root: root.path).split
    #expect(try first.publish(to: file, replaces: false) == .written)
    let other = try entry.build(root: root.path, seed: 2).split
    let fault = #expect(throws: Fault.self) { try other.publish(to: file, replaces: false) }
    #expect(fault?.status == .cannotCreate)
    #expect(fault?.description.contains("whose seed is 1, expected 2") == true)
    #expect(try SplitFile(path: file).split == first)
    // One image fewer, same seed.
    try root.remove("dtd/images/Grid/image_0001.jpg")
    let fewer = try entry.build(root: root.path).split
    let item = #expect(throws: Fault.self) { try fewer.publish(to: file, replaces: false) }
    #expect(item?.description.contains("train item 0") == true)
    #expect(try fewer.publish(to: file, replaces: true) == .written)
    #expect(try SplitFile(path: file).split == fewer)
}

@Test func filesThatAreNotImagesAreLeftOutAndNoted() throws {
    let root = try DataRoot()
    try RawTree.named("caltech101").write(to: root)
    let built = try Catalog.require("caltech101").build(root: root.path)
    #expect(built.notes.count == 1)
    #expect(built.notes.first?.contains("left out files that are not images") == true)
    #expect(built.notes.first?.contains("and 2 more") == true)
    let paths = (Array(built.split.train) + Array(built.split.val) + Array(built.split.test)).map(\.path)
    #expect(paths.contains("two words/IMAGE.JPG") && paths.contains("two words/no suffix"))
    #expect(!paths.contains { $0.contains("Thumbs.db") || $0.contains("/.") || $0.contains("nested") })
    #expect(built.differences.contains("classes: 6, published 100"))
}

@Test func thePublishedSplitIsUsedFirstWithoutListingFolders() throws {
    let root = try DataRoot()
    // The order is that of the file, and there are no images.
    let json = """
        {"train": [["River/River_9.jpg", 1, "River"], ["Forest/Forest_2.jpg", 0, "Forest"]],
         "val": [["Forest/Forest_1.jpg", 0, "Forest"]], "test": [["River/River_1.jpg", 1, "River"]]}
        """
    try root.write(json, to: "eurosat/split_zhou_EuroSAT.json")
    try root.makeFolder("eurosat/EuroSAT_RGB")
    let entry = try Catalog.require("eurosat")
    let built = try entry.build(root: root.path + "/")
    #expect(built.source == .split && entry.source(in: root.path) == .split)
    #expect(built.split.train.map(\.path) == ["River/River_9.jpg", "Forest/Forest_2.jpg"])
    #expect(built.split.root == "eurosat/2750")
    #expect(built.split.classes == ["Forest", "River"])
    #expect(built.notes.contains { $0.contains("eurosat/EuroSAT_RGB") && $0.contains("2750") })
    // The raw annotations are requested, and the folder has its new name.
    let fault = #expect(throws: Fault.self) { try entry.build(root: root.path, from: .raw) }
    #expect(fault?.status == .noInput)
    #expect(fault?.description.contains("rename \(root.path)/eurosat/EuroSAT_RGB to 2750") == true)
}

@Test(arguments: Catalog.entries.map(\.name))
func aMissingFileIsNamedWithItsAddress(_ name: String) throws {
    let root = try DataRoot()
    let entry = try Catalog.require(name)
    #expect(entry.source(in: root.path) == nil)
    for isThere in [false, true] {
        if isThere { try root.makeFolder(entry.folder) }
        let fault = #expect(throws: Fault.self) { try entry.build(root: root.path) }
        #expect(fault?.status == .noInput)
        #expect(fault?.subject == "\(root.path)/\(entry.folder)")
        let sentence = fault?.description ?? ""
        #expect(sentence.contains("download ") && sentence.contains("https://"), "\(sentence)")
        if let splitFile = entry.splitFile { #expect(sentence.contains(splitFile)) }
    }
}

@Test func withoutAnySourceBothAreNamed() throws {
    let root = try DataRoot()
    try root.makeFolder("oxford_pets/images")
    let fault = #expect(throws: Fault.self) { try Catalog.require("oxford_pets").build(root: root.path) }
    #expect(
        fault?.found == "neither split_zhou_OxfordPets.json nor annotations/trainval.txt")
    let only = #expect(throws: Fault.self) { try Catalog.require("oxford_pets").build(root: root.path, from: .split) }
    #expect(only?.found == "no split_zhou_OxfordPets.json")
    let none = #expect(throws: Fault.self) { try Catalog.require("imagenet").build(root: root.path, from: .split) }
    #expect(none?.status == .configuration)
}

@Test func imagenetThatIsNotExtractedIsRecognized() throws {
    let root = try DataRoot()
    let tree = try RawTree.named("imagenet")
    try tree.write(to: root)
    let entry = try Catalog.require("imagenet")
    try root.remove("imagenet/images/val")
    for number in 1 ... 3 { try root.write("", to: "imagenet/images/val/ILSVRC2012_val_0000000\(number).JPEG") }
    let flat = #expect(throws: Fault.self) { try entry.build(root: root.path) }
    #expect(flat?.status == .noInput && flat?.found.contains("files without folders (3)") == true)
    #expect(flat?.remedy.contains("valprep.sh") == true)
    try root.remove("imagenet/images/train")
    try root.write("", to: "imagenet/images/train/n01440764.tar")
    let packed = #expect(throws: Fault.self) { try entry.build(root: root.path) }
    #expect(packed?.found == "1 archive")
}

@Test func imagenetsFoldersMustAgree() throws {
    let root = try DataRoot()
    try RawTree.named("imagenet").write(to: root)
    try root.write("", to: "imagenet/images/val/n09999999/a.JPEG")
    let fault = #expect(throws: Fault.self) { try Catalog.require("imagenet").build(root: root.path) }
    #expect(fault?.status == .badData && fault?.found == "the folder 'n09999999'")
}

@Test func imagenetV2IsOrderedByNumber() throws {
    let root = try DataRoot()
    try RawTree.named("imagenetv2").write(to: root)
    let entry = try Catalog.require("imagenetv2")
    let test = try entry.build(root: root.path).split.test
    #expect(test.first { $0.path.hasPrefix("10/") }?.label == 10)
    #expect(test.map(\.label) == test.map(\.label).sorted())
    let images = "imagenetv2/imagenetv2-matched-frequency-format-val"
    try root.write("", to: "\(images)/n01440764/a.jpeg")
    let number = #expect(throws: Fault.self) { try entry.build(root: root.path) }
    #expect(number?.found == "the folder 'n01440764'")
    try root.remove("\(images)/n01440764")
    try root.remove("\(images)/7")
    let missing = #expect(throws: Fault.self) { try entry.build(root: root.path) }
    #expect(missing?.status == .noInput && missing?.subject.hasSuffix("/7") == true)
}

@Test func shiftsUseTheNamesOfImagenet() throws {
    let root = try DataRoot()
    try RawTree.named("imagenet_a").write(to: root)
    let entry = try Catalog.require("imagenet_a")
    let own = try entry.build(root: root.path)
    try root.makeFolder("imagenet")
    try FileManager.default.moveItem(
        atPath: "\(root.path)/imagenet-adversarial/classnames.txt", toPath: "\(root.path)/imagenet/classnames.txt")
    let shared = try entry.build(root: root.path)
    #expect(shared.split == own.split)
    #expect(shared.notes.contains { $0.contains("imagenet/classnames.txt") })
}

@Test(arguments: [
    ("oxford_pets", "annotations/test.txt", "Abyssinian_1 1 1", "on line 1"),
    ("oxford_pets", "annotations/test.txt", "Abyssinian_1 0 1 1", "on line 1"),
    ("oxford_pets", "annotations/test.txt", "Abyssinian_1 9223372036854775807 1 1", "on line 1"),
    ("oxford_pets", "annotations/test.txt", "Abyssinian_1 -9223372036854775808 1 1", "on line 1"),
    ("oxford_pets", "annotations/test.txt", "Persian_1 1 1 1", "on line 1"),
    ("fgvc_aircraft", "images_variant_val.txt", "../../0034309 707-320", "'..'"),
    ("oxford_pets", "annotations/test.txt", "Persian_1 60 1 1", "no item of class"),
    ("fgvc_aircraft", "images_variant_val.txt", "0034309 707-321", "on line 1"),
    ("fgvc_aircraft", "variants.txt", "707-320\n707-320", "on line"),
    ("sun397", "Testing_01.txt", "/a/abbey", "on line 1"),
    ("sun397", "Testing_01.txt", "sun.jpg", "on line 1"),
    ("ucf101", "ucfTrainTestlist/testlist01.txt", "v_YoYo_g01_c01.avi", "on line 1"),
    ("ucf101", "ucfTrainTestlist/classInd.txt", "1 ApplyEyeMakeup\n3 YoYo", "no item of class 2"),
    ("ucf101", "ucfTrainTestlist/classInd.txt", "one ApplyEyeMakeup", "on line 1"),
    ("oxford_flowers", "cat_to_name.json", "[]", "no object"),
    ("oxford_flowers", "cat_to_name.json", "{\"1\": \"a\", \"3\": \"b\"}", "no name at \"2\""),
    ("oxford_flowers", "cat_to_name.json", "{\"1\": \"a\"}", "the label 3"),
    ("oxford_flowers", "imagelabels.mat", "labels", "6 bytes"),
    ("stanford_cars", "devkit/cars_meta.mat", "class names", "11 bytes"),
    ("imagenet_r", "classnames.txt", "n01440764", "on line 1"),
    ("imagenet_r", "classnames.txt", "n01440764 a\nn01440764 b", "on line 2"),
    ("imagenet_r", "classnames.txt", "n00000001 a", "the folder"),
])
func anInvalidAnnotationIsNamed(_ dataset: String, _ file: String, _ text: String, _ words: String) throws {
    let root = try DataRoot()
    try RawTree.named(dataset).write(to: root)
    let entry = try Catalog.require(dataset)
    try root.write(text, to: "\(entry.folder)/\(file)")
    let fault = #expect(throws: Fault.self) { try entry.build(root: root.path) }
    #expect(fault?.status == .badData)
    #expect(fault?.description.contains(words) == true, "\(fault?.description ?? "")")
}

@Test func annotationsInInvalidUTF8AreRefused() throws {
    let root = try DataRoot()
    try RawTree.named("oxford_pets").write(to: root)
    try root.write(Data([0xFF, 0xFE, 0x41, 0x00]), to: "oxford_pets/annotations/test.txt")
    let fault = #expect(throws: Fault.self) { try Catalog.require("oxford_pets").build(root: root.path) }
    #expect(fault?.found == "invalid UTF-8")
}

@Test func aClassTooSmallToDivideIsNamed() throws {
    let root = try DataRoot()
    try RawTree.named("dtd").write(to: root)
    for number in 1 ... 3 { try root.write("", to: "dtd/images/tiny/\(number).jpg") }
    let fault = #expect(throws: Fault.self) { try Catalog.require("dtd").build(root: root.path) }
    #expect(fault?.status == .badData && fault?.subject.hasSuffix("images/tiny") == true)
    #expect(fault?.found == "3 images")
}

@Test(arguments: [
    ("../../etc/passwd\n", FileKindOfFault.badData), ("/etc/passwd\n", .badData), ("images\n", .noInput),
    ("other/a.jpg\n", .noInput),
])
func aListingOfOtherFilesIsRefused(_ text: String, _ kind: FileKindOfFault) throws {
    let root = try DataRoot()
    try root.write(text, to: "listing.txt")
    let fault = #expect(throws: Fault.self) {
        try Catalog.require("dtd").build(root: root.path, index: "\(root.path)/listing.txt")
    }
    #expect(fault?.status == (kind == .badData ? .badData : .noInput), "\(fault?.description ?? "")")
}

enum FileKindOfFault: Sendable { case badData, noInput }

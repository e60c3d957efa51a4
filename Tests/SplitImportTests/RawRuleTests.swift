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
            if let text = try? values.decode(String.self) {
                content = Data(text.utf8)
            } else {
                content = try values.decodeIfPresent([String: Data].self)?["base64"]
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
}

/// A temporary data root for one data set; a class because closures of `#expect` capture it.
final class DataRoot {
    let entry: DatasetEntry
    private let scratch: ScratchFolder

    /// Creates the root with the files of the synthetic data set `name`, or without files.
    init(_ name: String, isEmpty: Bool = false) throws {
        entry = try Catalog.require(name)
        scratch = try ScratchFolder()
        if !isEmpty { try write(RawTree.named(name)) }
    }

    var path: String { scratch.path }

    func build(from source: SplitSource = .auto, seed: Int = 1, index: String? = nil) throws(Fault) -> BuiltSplit {
        try entry.build(root: path, from: source, seed: seed, index: index.map { "\(path)/\($0)" })
    }

    func write(_ tree: RawTree, withImages: Bool = true) throws {
        for file in tree.files where file.content != nil || withImages {
            try write(file.content ?? Data(), to: file.path)
        }
    }

    func write(_ data: Data, to name: String) throws { try scratch.write(data, name) }

    func write(_ text: String, to name: String) throws { try scratch.write(text, name) }

    func remove(_ name: String) throws { try FileManager.default.removeItem(atPath: scratch.file(name)) }
}

@Test func everyDataSetHasATree() {
    #expect(RawTree.all.map(\.dataset).sorted() == Catalog.entries.map(\.name).sorted())
}

@Test(arguments: RawTree.all)
func theRawAnnotationsGiveTheSplitOfCPython(_ tree: RawTree) throws {
    let root = try DataRoot(tree.dataset)
    #expect(root.entry.source(in: root.path) == .raw)
    for expected in tree.splits {
        let built = try root.build(seed: expected.seed)
        let split = built.split
        #expect(built.source == .raw)
        #expect(split.dataset == tree.dataset && split.root == root.entry.imageRoot)
        #expect(split.classes == expected.classes)
        for (subset, pairs) in zip(Subset.allCases, [expected.train, expected.val, expected.test]) {
            #expect(split[subset] == ItemList(pairs.map(\.item)))
        }
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
    let whole = try DataRoot(tree.dataset)
    let bare = try DataRoot(tree.dataset, isEmpty: true)
    let prefix = "\(bare.entry.folder)/"
    try bare.write("", to: prefix)
    try bare.write(tree, withImages: false)
    // The output of `find . -type f`, in any order.
    var random = MersenneTwister(key: [5])
    let lines = tree.files.shuffled(using: &random).map { "./\($0.path.dropFirst(prefix.count))\n" }
    try bare.write(lines.joined(), to: "listing.txt")
    #expect(try bare.build(seed: 7, index: "listing.txt").split == whole.build(seed: 7).split)
}

@Test func theSameSplitIsReusedAndADifferentOneIsKept() throws {
    let root = try DataRoot("dtd")
    let file = "\(root.path)/dtd.split.json"
    let first = try root.build().split
    #expect(try first.publish(to: file, replaces: false) == .written)
    let other = try root.build(seed: 2).split
    let refused = fault { _ = try other.publish(to: file, replaces: false) }
    #expect(refused?.status == .cannotCreate)
    #expect(refused?.description.contains("whose seed is 1, expected 2") == true)
    #expect(try SplitFile(path: file).split == first)
    // One image fewer, same seed.
    try root.remove("dtd/images/Grid/image_0001.jpg")
    let fewer = try root.build().split
    let item = fault { _ = try fewer.publish(to: file, replaces: false) }
    #expect(item?.description.contains("train item 0") == true)
    #expect(try fewer.publish(to: file, replaces: true) == .written)
    #expect(try SplitFile(path: file).split == fewer)
}

@Test func filesThatAreNotImagesAreLeftOutAndNoted() throws {
    let built = try DataRoot("caltech101").build()
    #expect(built.notes.count == 1)
    #expect(built.notes.first?.contains("left out files that are not images") == true)
    #expect(built.notes.first?.contains("and 2 more") == true)
    let paths = Subset.allCases.flatMap { built.split[$0].map(\.path) }
    #expect(paths.contains("two words/IMAGE.JPG") && paths.contains("two words/no suffix"))
    #expect(!paths.contains { $0.contains("Thumbs.db") || $0.contains("/.") || $0.contains("nested") })
    #expect(built.differences.contains("classes: 6, published 100"))
}

@Test func thePublishedSplitIsUsedFirstWithoutListingFolders() throws {
    let root = try DataRoot("eurosat", isEmpty: true)
    // The order is that of the file, and there are no images.
    let json = """
        {"train": [["River/River_9.jpg", 1, "River"], ["Forest/Forest_2.jpg", 0, "Forest"]],
         "val": [["Forest/Forest_1.jpg", 0, "Forest"]], "test": [["River/River_1.jpg", 1, "River"]]}
        """
    try root.write(json, to: "eurosat/split_zhou_EuroSAT.json")
    try root.write("", to: "eurosat/EuroSAT_RGB/")
    let built = try root.entry.build(root: root.path + "/")
    #expect(built.source == .split && root.entry.source(in: root.path) == .split)
    #expect(built.split.train.map(\.path) == ["River/River_9.jpg", "Forest/Forest_2.jpg"])
    #expect(built.split.root == "eurosat/2750")
    #expect(built.split.classes == ["Forest", "River"])
    #expect(built.notes.contains { $0.contains("eurosat/EuroSAT_RGB") && $0.contains("2750") })
    // The raw annotations are requested, and the folder has its new name.
    let refused = fault { _ = try root.build(from: .raw) }
    #expect(refused?.status == .noInput)
    #expect(refused?.description.contains("rename \(root.path)/eurosat/EuroSAT_RGB to 2750") == true)
}

@Test(arguments: Catalog.entries.map(\.name))
func aMissingFileIsNamedWithItsAddress(_ name: String) throws {
    let root = try DataRoot(name, isEmpty: true)
    #expect(root.entry.source(in: root.path) == nil)
    for isThere in [false, true] {
        if isThere { try root.write("", to: "\(root.entry.folder)/") }
        let refused = fault { _ = try root.build() }
        #expect(refused?.status == .noInput && refused?.subject == "\(root.path)/\(root.entry.folder)")
        let sentence = refused?.description ?? ""
        #expect(sentence.contains("download ") && sentence.contains("https://"), "\(sentence)")
        if let splitFile = root.entry.splitFile { #expect(sentence.contains(splitFile)) }
    }
}

@Test func withoutAnySourceBothAreNamed() throws {
    let root = try DataRoot("oxford_pets", isEmpty: true)
    try root.write("", to: "oxford_pets/images/")
    #expect(fault { _ = try root.build() }?.found == "neither split_zhou_OxfordPets.json nor annotations/trainval.txt")
    #expect(fault { _ = try root.build(from: .split) }?.found == "no split_zhou_OxfordPets.json")
    let none = fault { _ = try Catalog.require("imagenet").build(root: root.path, from: .split) }
    #expect(none?.status == .configuration && none?.option == "from")
}

@Test func imagenetThatIsNotExtractedIsRecognized() throws {
    let root = try DataRoot("imagenet")
    try root.remove("imagenet/images/val")
    for number in 1 ... 3 { try root.write("", to: "imagenet/images/val/ILSVRC2012_val_0000000\(number).JPEG") }
    let flat = fault { _ = try root.build() }
    #expect(flat?.status == .noInput && flat?.found.contains("files without folders (3)") == true)
    #expect(flat?.remedy.contains("valprep.sh") == true)
    try root.remove("imagenet/images/train")
    try root.write("", to: "imagenet/images/train/n01440764.tar")
    #expect(fault { _ = try root.build() }?.found == "1 archive")
}

@Test func imagenetV2IsOrderedByNumber() throws {
    let root = try DataRoot("imagenetv2")
    let test = try root.build().split.test
    #expect(test.first { $0.path.hasPrefix("10/") }?.label == 10)
    #expect(test.map(\.label) == test.map(\.label).sorted())
    try root.remove("imagenetv2/imagenetv2-matched-frequency-format-val/7")
    let missing = fault { _ = try root.build() }
    #expect(missing?.status == .noInput && missing?.subject.hasSuffix("/7") == true)
}

@Test func shiftsUseTheNamesOfImagenet() throws {
    let root = try DataRoot("imagenet_a")
    let own = try root.build()
    let names = "\(root.path)/imagenet-adversarial/classnames.txt"
    try root.write(Data(bytes(of: names)), to: "imagenet/classnames.txt")
    try root.remove("imagenet-adversarial/classnames.txt")
    let shared = try root.build()
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
    ("imagenet", "images/val/n09999999/a.JPEG", "", "the folder 'n09999999'"),
    ("imagenetv2", "imagenetv2-matched-frequency-format-val/n01440764/a.jpeg", "", "the folder 'n01440764'"),
    ("dtd", "images/tiny/1.jpg", "", "images/tiny: found 1 images, expected at least 4"),
])
func anInvalidAnnotationIsNamed(_ dataset: String, _ file: String, _ text: String, _ words: String) throws {
    let root = try DataRoot(dataset)
    try root.write(text, to: "\(root.entry.folder)/\(file)")
    let refused = fault { _ = try root.build() }
    #expect(refused?.status == .badData)
    #expect(refused?.description.contains(words) == true, "\(refused?.description ?? "")")
}

@Test func annotationsInInvalidUTF8AreRefused() throws {
    let root = try DataRoot("oxford_pets")
    try root.write(Data([0x41, 0xC3, 0x28]), to: "oxford_pets/annotations/test.txt")
    #expect(fault { _ = try root.build() }?.found.hasPrefix("invalid UTF-8 on line 1") == true)
}

@Test(arguments: [
    ("../../etc/passwd\n", Core.ExitStatus.badData), ("/etc/passwd\n", .badData), ("images\n", .noInput),
    ("other/a.jpg\n", .noInput),
])
func aListingOfOtherFilesIsRefused(_ text: String, _ status: Core.ExitStatus) throws {
    let root = try DataRoot("dtd", isEmpty: true)
    try root.write(text, to: "listing.txt")
    #expect(fault { _ = try root.build(index: "listing.txt") }?.status == status)
}

@Test(
    .enabled(if: sharedData("classnames.txt") != nil),
    arguments: ["caltech101", "dtd", "eurosat", "oxford_flowers"])
func thePublishedSplitsHaveTheCatalogsCounts(_ name: String) throws {
    let root = try DataRoot(name, isEmpty: true)
    let splitFile = try #require(root.entry.splitFile)
    let path = try #require(sharedData("coop-splits/\(splitFile)"))
    try root.write(Data(bytes(of: path)), to: "\(root.entry.folder)/\(splitFile)")
    let built = try root.build()
    #expect(built.differences.isEmpty)
    #expect(built.split.dataset == name && built.split.root == root.entry.imageRoot)
}

@Test(.enabled(if: sharedData("classnames.txt") != nil))
func theClassNamesOfImagenetAreAcceptedWithTheirNamesakes() throws {
    let root = try DataRoot("imagenet", isEmpty: true)
    let names = try Data(bytes(of: #require(sharedData("classnames.txt"))))
    try root.write(names, to: "imagenet/classnames.txt")
    let numbers = String(decoding: names, as: UTF8.self).split(whereSeparator: \.isNewline).map {
        $0.prefix { $0 != " " }
    }
    let listing = numbers.map { "images/train/\($0)/a.JPEG\nimages/val/\($0)/b.JPEG\n" }.joined()
    try root.write(listing, to: "listing.txt")
    let split = try root.build(index: "listing.txt").split
    #expect(split.classes.count == 1000 && split.classes[0] == "tench")
    let repeated = Dictionary(grouping: split.classes, by: \.self).filter { $0.value.count > 1 }.keys
    #expect(repeated.sorted() == ["crane", "maillot"])
    #expect(root.entry.namesakes.isSuperset(of: repeated))
}

import Core
import SplitImport
import Splits
import TestSupport
import Testing

@Test(arguments: [
    (["001.Black_footed_Albatross", "002.Laysan"], ["Black_footed_Albatross", "Laysan"]),
    (["n02085620-Chihuahua", "n02085782-Japanese_spaniel"], ["Chihuahua", "Japanese_spaniel"]),
    (["01_cat", "02_dog", "10_fox"], ["cat", "dog", "fox"]),
    (["0 - cat", "1 - dog"], ["cat", "dog"]), (["(1) cat", "(2) dog"], ["cat", "dog"]),
    (["[01] cat", "[02] dog"], ["cat", "dog"]), (["class1_cat", "class2_dog"], ["cat", "dog"]),
    (["198.spider", "252.car-side-101"], ["spider", "car-side-101"]),
    (["cat_01", "dog_02"], ["cat", "dog"]), (["cat-0", "dog-1", "fox-2"], ["cat", "dog", "fox"]),
    (["cat (1)", "dog (2)"], ["cat", "dog"]), (["cat_n02121808", "dog_n02084071"], ["cat", "dog"]),
])
func numbersThatAllNamesHaveAreRemoved(found: [String], names: [String]) {
    #expect(ClassNaming.withoutNumbers(found) == names)
}

/// In each list, the numbers are part of the names, or the names are not different without them.
@Test(arguments: [
    ["001.cat", "dog"], ["001.cat"], ["1_star", "2_stars", "3_stars"], ["1_cat", "1_dog"],
    ["2011_Audi_TT", "2012_BMW_M3"], ["Boeing_707", "Airbus_320"], ["747-400", "737-200"], ["cat1", "dog2"],
    ["3d_model", "2d_drawing"], ["n01_cat", "n02_dog"], ["a1_cat", "b2_dog"], ["1", "2"], ["n01440764", "n01443537"],
    ["cat_01", "dog_03"], ["SeaLake", "sea_lake_2"],
])
func numbersThatAreNotOnlyCountsAreKept(names: [String]) {
    #expect(ClassNaming.withoutNumbers(names) == names)
}

@Test func numberedFoldersAreNamedWithoutTheirNumbersUnlessNamesAreKept() throws {
    let scratch = try ScratchFolder(["001.SeaLake/1.jpg", "002.Annual_crop/1.jpg"])
    let imported = try SplitImport.folder(scratch.path)
    #expect(imported.split.classes == ["Sea Lake", "Annual crop"])
    #expect(imported.foundNames == ["001.SeaLake", "002.Annual_crop"])
    var settings = SplitImport.Settings()
    settings.keepsNames = true
    #expect(try SplitImport.folder(scratch.path, settings).split.classes == imported.foundNames)
}

@Test(arguments: [
    (["1", "10", "2"], "3 classes (1, 10, 2) named by numbers"),
    (["00000", "cat"], "1 class (00000) named by numbers"),
    (["n01440764", "cat"], "1 class (n01440764) named by WordNet identifiers"),
    (
        ["0f8fad5b-d9cb-469f-a165-70867728950e", "cat"],
        "1 class (0f8fad5b d9cb 469f a165 70867728950e) named by hashes or other identifiers"
    ),
    (["da39a3ee5e6b4b0d", "cat"], "1 class (da39a3ee5e6b4b0d) named by hashes"),
    (["m.01g317", "cat"], "1 class (m.01g317) named by hashes or other identifiers"),
    (["Cat", "cat", "dog"], "2 classes (Cat, cat) whose names differ only in case"),
    (["class_1", "class_2"], "2 classes (class 1, class 2) that differ only in the number after 'class'"),
    (["c0", "c1", "c10"], "3 classes (c0, c1, c10) that differ only in the number after 'c'"),
    (
        ["001.cat", "002.dog", "fox"],
        "2 classes (001.cat, 002.dog) with a number before the name, which prompts repeat"
    ),
])
func namesWithoutAMeaningInPromptsAreNoted(folders: [String], note: String) throws {
    let scratch = try ScratchFolder(folders.map { "\($0)/1.jpg" })
    let notes = try SplitImport.folder(scratch.path).notes
    #expect(notes.contains { $0.hasPrefix(note) }, "\(notes)")
}

@Test(arguments: [
    ["facade", "decade"], ["2012 Audi", "2012 BMW", "2011 Audi"], ["A300B4", "Boeing 707", "DC-10"],
    ["747-400", "737-200"], ["cat", "dog"], ["1 star", "stars"], ["deadbeef", "defaced"],
])
func ordinaryNamesAreNotNoted(folders: [String]) throws {
    let files = folders.flatMap { name in (0 ..< 20).map { "\(name)/\($0).jpg" } }
    let scratch = try ScratchFolder(files)
    #expect(try SplitImport.folder(scratch.path).notes.isEmpty)
}

private func named(_ folders: [String], by content: String, _ file: String) throws -> (split: Split, notes: [String]) {
    let scratch = try ScratchFolder(folders.map { "photos/\($0)/1.jpg" })
    var settings = SplitImport.Settings()
    settings.classes = try scratch.write(content, file)
    let imported = try SplitImport.folder(scratch.file("photos"), settings)
    // The names are listed with the class of each folder's image.
    let paths = Subset.allCases.flatMap { imported.split[$0].map { $0 } }.sorted { $0.label < $1.label }.map(\.path)
    #expect(paths.count == imported.split.classes.count)
    #expect(paths == imported.foundNames.map { "\($0)/1.jpg" })
    return (imported.split, imported.notes)
}

@Test(arguments: [
    (#"{"1": "rose", "2": "iris", "10": "lily"}"#, "names.json", ["rose", "iris", "lily"]),
    (#"{"rose": 1, "iris": "2", "lily": 10}"#, "names.json", ["rose", "iris", "lily"]),
    (#"{"1": {"name": "rose"}, "2": {"name": "iris"}, "10": {"name": "lily"}}"#, "a.json", ["rose", "iris", "lily"]),
    (#"["rose", "iris", "lily"]"#, "names.json", ["rose", "iris", "lily"]),
    ("rose\niris\nlily\n", "names.txt", ["rose", "iris", "lily"]),
    ("10 tiger lily\n1 rose\n2 iris\n", "names.txt", ["rose", "iris", "tiger lily"]),
    ("a\nb\nc\nd\ne\nf\ng\nh\ni\nj\n", "names.txt", ["a", "b", "j"]),
])
func foldersThatAreNumbersAreNamedInNumericOrder(content: String, file: String, names: [String]) throws {
    #expect(try named(["1", "10", "2"], by: content, file).split.classes == names)
}

@Test(arguments: [
    ("[\"b\", \"c\", \"a\"]", "x.json", ["b", "c", "a"], ["a", "b", "c"]),
    ("Sea Lake\nforest\n", "x.txt", ["Sea Lake", "forest"], ["SeaLake", "forest"]),
    ("red\ngreen\n", "x.txt", ["red", "green"], ["a", "b"]),
    (
        "n01443537 goldfish, Carassius auratus\nn01440764 tench\n", "x.txt", ["tench", "goldfish, Carassius auratus"],
        ["n01440764", "n01443537"]
    ),
    (
        #"{"0": ["n01440764", "tench"], "1": ["n01443537", "goldfish"]}"#, "x.json", ["tench", "goldfish"],
        ["n01443537", "n01440764"]
    ),
    ("zero\none\ntwo\nthree\n", "x.txt", ["zero", "two"], ["0", "2"]),
    ("zero\none\n", "x.txt", ["zero", "one"], ["000", "001"]),
])
func foldersAreNamedByAFile(content: String, file: String, names: [String], folders: [String]) throws {
    #expect(try named(folders, by: content, file).split.classes == names)
}

@Test func namesWithoutAFolderAreNoted() throws {
    let notes = try named(["1", "3"], by: "a\nb\nc\n", "names.txt").notes
    #expect(
        notes.contains { $0.hasPrefix("not used: 1 name (b) in '") && $0.hasSuffix("without a folder") }, "\(notes)")
}

@Test(arguments: [
    (["a", "b"], "a\nred\n"), (["a", "b"], "one\ntwo\nthree\n"), (["1", "5"], "one\ntwo\nthree\nfour\n"),
    (["3", "7"], "a\nb\nc\nd\ne\nf\ng\nh\n"), (["1", "2"], "[\"a\"]"), (["1", "2"], "{\"1\": \"a\"}"),
    (["a", "b"], "{\"a\": [1], \"b\": null}"),
])
func aFileThatDoesNotNameEveryFolderIsRefused(folders: [String], content: String) throws {
    let file = content.hasPrefix("{") || content.hasPrefix("[") ? "x.json" : "x.txt"
    let scratch = try ScratchFolder(folders.map { "photos/\($0)/1.jpg" })
    var settings = SplitImport.Settings()
    settings.classes = try scratch.write(content, file)
    let refused = fault { _ = try SplitImport.folder(scratch.file("photos"), settings) }
    #expect(refused?.status == .badData && refused?.subject == scratch.file(file), "\(String(describing: refused))")
}

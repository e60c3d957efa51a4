import Core
import SplitImport
import Splits
import TestSupport
import Testing

private func splitOf(
    _ files: [String], _ choose: (inout SplitImport.Settings) -> Void = { _ in }
) throws -> ImportedSplit {
    let scratch = try ScratchFolder(files)
    var settings = SplitImport.Settings()
    choose(&settings)
    return try SplitImport.folder(scratch.path, settings)
}

/// Two images of each class in each of the folders.
private func images(_ folders: [String], _ classes: [String] = ["cat", "dog"]) -> [String] {
    folders.flatMap { folder in classes.flatMap { ["\(folder)/\($0)/1.jpg", "\(folder)/\($0)/2.jpg"] } }
}

@Test(arguments: [
    ("train", "val", "test"), ("training_set", "validation_set", "test_set"), ("train_mini", "val", "TEST"),
    ("TrainImages", "ValidImages", "TestImages"), ("images_train", "images_dev", "images_test"),
    ("train2017", "val2017", "test2017"), ("trn", "vld", "tst"), ("Training Set", "valset", "testset"),
    ("01_train", "02_validation", "03_evaluation"), ("train-224", "dev-224", "eval-224"),
    ("trainval", "development", "holdout"),
    ("train_data", "valid_data", "testing_data"), ("part1_train", "part2_val", "part3_test"),
    ("seg_train", "seg_val", "seg_test"), ("asl_alphabet_train", "asl_alphabet_dev", "asl_alphabet_test"),
    ("train flowers 102", "valid flowers 102", "test flowers 102"),
])
func foldersOfSubsetsAreRecognizedByTheirWords(train: String, val: String, test: String) throws {
    let split = try splitOf(images([train, val, test])).split
    #expect(split.classes == ["cat", "dog"])
    #expect(split.train.map(\.path) == images([train]))
    #expect(split.val.map(\.path) == images([val]) && split.test.map(\.path) == images([test]))
}

@Test(arguments: [
    ["train station", "test tube"], ["trains", "cars"], ["validator", "tester"], ["training wheels", "dog"],
    ["street", "latest"], ["devil", "evaluate this"], ["blood test", "eye test"], ["test tube", "train"],
])
func foldersWithOtherWordsAreClasses(folders: [String]) throws {
    #expect(try splitOf(folders.map { "\($0)/1.jpg" }).split.classes == folders.sorted())
}

@Test func foldersOfSubsetsMayBeInThoseOfTheClasses() throws {
    let imported = try splitOf([
        "cat/train/1.jpg", "cat/train/deep/2.jpg", "cat/test/3.jpg", "dog/train/4.jpg", "dog/val/5.jpg", "none/train/",
    ])
    let split = imported.split
    #expect(split.classes == ["cat", "dog"])
    #expect(split.train.map(\.path) == ["cat/train/1.jpg", "cat/train/deep/2.jpg", "dog/train/4.jpg"])
    #expect(split.val.map(\.path) == ["dog/val/5.jpg"] && split.test.map(\.path) == ["cat/test/3.jpg"])
    #expect(imported.notes.contains("left out: 1 folder (none) without images"))
    // An image beside the folders of subsets, or a single subset, leaves them as they were.
    let mixed = try splitOf(["cat/train/1.jpg", "cat/2.jpg", "dog/test/3.jpg"])
    #expect(mixed.split.provenance.settings["seed"] == "1")
    let single = try splitOf(["cat/train/1.jpg", "cat/train/2.jpg", "dog/train/3.jpg"])
    #expect(single.split.provenance.settings["seed"] == "1")
}

@Test func foldersBesideTheSubsetsAreLeftOutUnlessTheyMayBeOne() throws {
    let imported = try splitOf(images(["train", "test"]) + ["unlabeled/1.jpg", "notes/readme.txt"])
    #expect(imported.split.train.count == 4 && imported.split.test.count == 4)
    #expect(imported.notes.contains("left out: 1 folder (unlabeled) beside the subsets 'test' and 'train'"))
    let scratch = try ScratchFolder(images(["train", "test", "more"]))
    let refused = fault { _ = try SplitImport.folder(scratch.path) }
    #expect(refused?.found == "'more' with the same class folders as 'test'")
}

@Test(arguments: ["test/1.jpg", "test/images/1.jpg", "test1/test1/1.jpg", "test/unknown/1.jpg"])
func aSubsetWithoutClassFoldersIsLeftOut(unsorted: String) throws {
    let imported = try splitOf(images(["train", "val"]) + [unsorted])
    #expect(imported.split.classes == ["cat", "dog"] && imported.split.test.isEmpty)
    let folder = unsorted.prefix { $0 != "/" }
    #expect(imported.notes.contains { $0.hasPrefix("left out: 1 image in '\(folder)' without class folders; sort") })
    #expect(
        imported.notes.contains { $0.hasPrefix("the test subset is empty, so no accuracy can be reported; assign") })
}

@Test func severalSubsetsMayBeUnsorted() throws {
    let imported = try splitOf([
        "train/n01/images/1.jpg", "train/n02/images/2.jpg", "val/images/3.jpg", "test/images/4.jpg",
    ])
    #expect(imported.split.classes == ["n01", "n02"] && imported.split.itemCount == 2)
    #expect(imported.notes.count { $0.contains("without class folders") } == 2)
}

@Test func foldersOfNoClassBelowASubsetAreSkipped() throws {
    let imported = try splitOf(
        [
            "seg_train/seg_train/cat/1.jpg", "seg_train/seg_train/dog/2.jpg", "seg_test/images/cat/3.jpg",
            "seg_pred/4.jpg",
        ])
    #expect(
        imported.split.classes == ["cat", "dog"] && imported.split.test.map(\.path) == ["seg_test/images/cat/3.jpg"])
    #expect(imported.notes.contains("left out: 1 folder (seg_pred) beside the subsets 'seg_test' and 'seg_train'"))
}

@Test func aClassOfOneSubsetIsNoUnsortedSubset() throws {
    let split = try splitOf(images(["train"]) + ["test/fox/1.jpg"]).split
    #expect(split.classes == ["cat", "dog", "fox"] && split.test.count == 1)
}

@Test func classesWithTheSameFoldersAreNotedAsLikelySubsets() throws {
    let imported = try splitOf(images(["site_a", "site_b"]))
    #expect(imported.split.classes == ["site a", "site b"])
    #expect(
        imported.notes.contains(
            "2 classes (site_a, site_b) with the same folders (cat, dog); if they are subsets and these folders are the "
                + "classes, rename them to train, val or test"), "\(imported.notes)")
}

private let places = ["a/airfield", "a/alley", "b/balcony/exterior", "b/balcony/interior"]

@Test func theInnermostFoldersAreTheClassesBelowAnAlphabeticalIndex() throws {
    let files = places.flatMap { place in (0 ..< 20).map { "\(place)/\(10 + $0).jpg" } }
    let imported = try splitOf(files)
    #expect(imported.split.classes == ["airfield", "alley", "exterior balcony", "interior balcony"])
    #expect(imported.foundNames == places)
    #expect(imported.split.itemCount == 80 && imported.split.provenance.settings["class_folders"] == "innermost")
    #expect(imported.notes == ["the folders of single letters are an index: the innermost folders are the classes"])
    let kept = try splitOf(files) { $0.keepsNames = true }
    #expect(kept.split.classes == places)
    let top = try splitOf(files) { $0.classFolders = .top }
    #expect(top.split.classes == ["a", "b"])
    // The same below folders of subsets.
    let subsets = try splitOf(["train", "val"].flatMap { part in files.map { "\(part)/\($0)" } }) { _ in }
    #expect(subsets.split.classes == imported.split.classes && subsets.split.val.count == 80)
}

@Test func theInnermostFoldersAreTheClassesOnRequest() throws {
    let files = [
        "birds/owl/1.jpg", "birds/jay/2.jpg", "mammals/cats/tiger/3.jpg", "mammals/dogs/4.jpg", "mammals/other/5.jpg",
        "birds/other/6.jpg",
    ]
    let imported = try splitOf(files) { $0.classFolders = .innermost }
    #expect(imported.split.classes == ["jay", "other birds", "owl", "tiger", "dogs", "other mammals"])
    let note = try splitOf(files).notes.first { $0.hasPrefix("no image lies in") }
    #expect(
        note == "no image lies in 2 class folders itself, but in folders below (birds: jay, other, owl; mammals: cats, "
            + "dogs, other); use class_folders innermost if those are the classes")
}

@Test(arguments: [
    ["a/1.jpg", "b/2.jpg"], ["a/a1/1.jpg", "b/b1/2.jpg"], ["a/A_user/1.jpg", "b/airfield/2.jpg"],
    ["aa/aardvark/1.jpg", "b/bear/2.jpg"], ["a/1.jpg", "a/airfield/1.jpg", "b/bear/1.jpg"],
])
func otherFoldersOfLettersAreClasses(files: [String]) throws {
    let tops = Set(files.map { String($0.prefix { $0 != "/" }) })
    #expect(try splitOf(files).split.classes == tops.sorted())
}

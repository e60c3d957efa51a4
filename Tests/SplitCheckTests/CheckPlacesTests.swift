import Core
import Foundation
import SplitCheck
import Splits
import TestSupport
import Testing

private func reportFrom(_ root: String, _ tree: borrowing CheckedTree) throws -> CheckReport {
    try SplitCheck(tree.split(), root: root).report()
}

@Test func aRootThatIsOneFolderOffIsCorrected() throws {
    let tree = try CheckedTree.made(root: "zoo/all images", each: 1)
    for wrong in ["/zoo", "/zoo/", "/zoo/all images"] {
        let report = try reportFrom(tree.path + wrong, tree)
        #expect(report.otherRoots == [tree.path], "\(wrong)")
        #expect(report.missing.folders.map(\.text) == [". 6"] && report.looked.files == 0)
    }
    let above = try reportFrom(URL(filePath: tree.path).deletingLastPathComponent().path, tree)
    #expect(above.otherRoots.contains(tree.path))
    #expect(try reportFrom(tree.path, tree).otherRoots.isEmpty)
}

@Test func aDataSetsFolderOfAnotherNameIsRecognized() throws {
    let tree = try CheckedTree.made(root: "zoo/images", each: 1)
    try FileManager.default.moveItem(atPath: tree.path + "/zoo", toPath: tree.path + "/Zoo-2.0")
    let report = try tree.report()
    #expect(report.renames.map(\.text) == ["Zoo-2.0 for zoo"])
    let page = report.page(base: "data root")
    #expect(page.contains("mv 'data root/Zoo-2.0' 'data root/zoo'") && page.contains("ln -s Zoo-2.0 'data root/zoo'"))
}

@Test func aFolderRenamedInNewerDownloadsIsRecognized() throws {
    let tree = try CheckedTree.made("eurosat", root: "eurosat/2750", each: 1)
    try FileManager.default.moveItem(atPath: tree.path + "/eurosat/2750", toPath: tree.path + "/eurosat/EuroSAT_RGB")
    let report = try tree.report()
    #expect(report.renames.map(\.text) == ["eurosat/EuroSAT_RGB for eurosat/2750"])
    #expect(report.page(base: "data").contains("  mv data/eurosat/EuroSAT_RGB data/eurosat/2750\n"))
}

@Test(arguments: [
    (
        "oxford_pets/images", "oxford-iiit-pet/oxford-iiit-pet/images",
        ["ln -s oxford-iiit-pet/oxford-iiit-pet R/oxford_pets"]
    ),
    ("oxford_pets/images", "oxford_pets/oxford-iiit-pet/images", ["ln -s oxford-iiit-pet/images R/oxford_pets/images"]),
    (
        "oxford_pets/images", "oxford_pets/images/images",
        ["mv R/oxford_pets/images R/oxford_pets/images.archive", "ln -s images.archive/images R/oxford_pets/images"]
    ),
    ("eurosat/2750", "archive/EuroSAT", ["mkdir -p R/eurosat", "ln -s ../archive/EuroSAT R/eurosat/2750"]),
])
func imagesInTheFoldersOfAnArchiveAreFound(root: String, found: String, commands: [String]) throws {
    let dataset = String(root.prefix { $0 != "/" })
    let tree = try CheckedTree.made(dataset, root: root, each: 1)
    let files = FileManager.default
    try files.moveItem(atPath: "\(tree.path)/\(root)", toPath: "\(tree.path)/moved")
    let parent = parentFolder(of: "\(tree.path)/\(found)")
    if !found.hasPrefix(dataset) { try files.removeItem(atPath: "\(tree.path)/\(dataset)") }
    try files.createDirectory(atPath: parent, withIntermediateDirectories: true)
    try files.moveItem(atPath: "\(tree.path)/moved", toPath: "\(tree.path)/\(found)")
    let lines = try tree.report().page(base: tree.path).replacing(tree.path, with: "R").split(separator: "\n")
    let heading = try #require(lines.firstIndex(of: "The images are in the folders of an archive. Link them:"))
    #expect(lines[(heading + 1)...].prefix(commands.count).map { $0.trimmingCharacters(in: .whitespaces) } == commands)
    #expect(lines[heading + 1 + commands.count].hasPrefix("Missing: "))
}

@Test func eachFolderOfImagesMayBeInAFolderOfItsName() throws {
    var tree = try CheckedTree.made("stanford_cars", root: "stanford_cars", classes: ["car"], each: 0)
    for (name, subset) in [("cars_train", Subset.train), ("cars_test", .test)] {
        tree.name("\(name)/00001.jpg", subset, 0)
        try tree.write("\(name)/\(name)/00001.jpg")
    }
    #expect(
        try tree.report().links.map(\.text) == [
            "stanford_cars/cars_test/cars_test for stanford_cars/cars_test",
            "stanford_cars/cars_train/cars_train for stanford_cars/cars_train",
        ])
}

@Test func aSplitWhosePathsStartAtTheRootIsFoundFromAFolderOff() throws {
    let tree = try CheckedTree.made(each: 1)
    let above = URL(filePath: tree.path).deletingLastPathComponent().path
    #expect(try reportFrom(above, tree).otherRoots.contains(tree.path))
    let below = try reportFrom(tree.path + "/cat", tree)
    #expect(below.otherRoots == [tree.path] && below.unlisted.isEmpty)
}

@Test func aRootThatIsNotAFolderIsRefused() throws {
    let tree = try CheckedTree.made()
    #expect { try reportFrom(tree.path + "/none", tree) } throws: { ($0 as? Fault)?.status == .noInput }
}

/// CoOp's split and 25 of its class folders, beside the checkout.
@Test(.enabled(if: sharedData("caltech-101") != nil))
func exactlyTheAbsentFoldersAreMissing() throws {
    let folder = try #require(sharedData("caltech-101"))
    let file = try SplitFile(path: "\(folder)/split_zhou_Caltech101.json")
    var check = SplitCheck(file, root: parentFolder(of: folder))
    check.decodes = true
    let report = try check.report()
    let images = try FileManager.default.contentsOfDirectory(atPath: "\(folder)/101_ObjectCategories")
    let present = Set(images)
    #expect(report.missing.folders.count == 75 && report.missing.items == 6952 && report.missing.files.isEmpty)
    #expect(present.isDisjoint(with: report.missing.folders.map(\.folder)) && present.count == 25)
    #expect(report.found == ["missing 6952"] && report.looked.decoded == 1290)
}

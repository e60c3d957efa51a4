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

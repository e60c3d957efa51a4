import Catalog
import Core
import Foundation
import SplitImport
import Splits
import TestSupport
import Testing

@Test(
    .enabled(if: sharedData("classnames.txt") != nil),
    arguments: ["caltech101", "dtd", "eurosat", "oxford_flowers"])
func thePublishedSplitsHaveTheCatalogsCounts(_ name: String) throws {
    let entry = try Catalog.require(name)
    let root = try DataRoot()
    let splitFile = try #require(entry.splitFile)
    let path = try #require(sharedData("coop-splits/\(splitFile)"))
    try root.write(Data(bytes(of: path)), to: "\(entry.folder)/\(splitFile)")
    let built = try entry.build(root: root.path)
    #expect(built.differences.isEmpty)
    #expect(built.split.dataset == name && built.split.root == entry.imageRoot)
}

@Test(.enabled(if: sharedData("classnames.txt") != nil))
func theClassNamesOfImagenetAreAcceptedWithTheirNamesakes() throws {
    let root = try DataRoot()
    let names = try Data(bytes(of: #require(sharedData("classnames.txt"))))
    try root.write(names, to: "imagenet/classnames.txt")
    let numbers = String(decoding: names, as: UTF8.self).split(whereSeparator: \.isNewline).map {
        $0.prefix { $0 != " " }
    }
    let listing = numbers.map { "images/train/\($0)/a.JPEG\nimages/val/\($0)/b.JPEG\n" }.joined()
    try root.write(listing, to: "listing.txt")
    let entry = try Catalog.require("imagenet")
    let split = try entry.build(root: root.path, index: "\(root.path)/listing.txt").split
    #expect(split.classes.count == 1000 && split.classes[0] == "tench")
    let repeated = Dictionary(grouping: split.classes, by: \.self).filter { $0.value.count > 1 }.keys
    #expect(repeated.sorted() == ["crane", "maillot"])
    #expect(entry.namesakes.isSuperset(of: repeated))
}

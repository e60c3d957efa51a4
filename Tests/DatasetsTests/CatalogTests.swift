import Core
import Datasets
import Foundation
import Testing

@Test func theCatalogHasTheElevenBenchmarksAndFourShifts() {
    #expect(
        Catalog.entries.map(\.name) == [
            "imagenet", "caltech101", "oxford_pets", "stanford_cars", "oxford_flowers", "food101", "fgvc_aircraft",
            "sun397", "dtd", "eurosat", "ucf101", "imagenetv2", "imagenet_sketch", "imagenet_a", "imagenet_r",
        ])
    #expect(Catalog.crossDatasetTargets == Catalog.entries[1 ..< 11].map(\.name))
    #expect(Catalog.shiftTargets == Catalog.entries.filter { $0.shiftOf == "imagenet" }.map(\.name))
}

@Test func theCountsAreThePublishedOnes() {
    let counts = Catalog.entries.map { [$0.classCount, $0.counts.train, $0.counts.val, $0.counts.test] }
    #expect(
        counts == [
            [1000, 1_281_167, 0, 50000], [100, 4128, 1649, 2465], [37, 2944, 736, 3669], [196, 6509, 1635, 8041],
            [102, 4093, 1633, 2463], [101, 50500, 20200, 30300], [100, 3334, 3333, 3333],
            [397, 15880, 3970, 19850], [47, 2820, 1128, 1692], [10, 13500, 5400, 8100], [101, 7639, 1898, 3783],
            [1000, 0, 0, 10000], [1000, 0, 0, 50889], [200, 0, 0, 7500], [200, 0, 0, 30000],
        ])
}

@Test(arguments: Catalog.entries.map(\.name))
func anEntryIsWhole(_ name: String) throws {
    let entry = try Catalog.require(name)
    for text in [entry.title, entry.summary, entry.folder, entry.licence, entry.classNaming, entry.imagesPerClass] {
        #expect(!text.isEmpty)
    }
    #expect(entry.homePage.hasPrefix("https://"))
    #expect(!entry.pitfalls.isEmpty)
    #expect(entry.tree.hasPrefix("\(entry.folder)/\n"))
    if !entry.images.isEmpty { #expect(entry.tree.contains("\(entry.images)/")) }
    if let splitFile = entry.splitFile {
        #expect(entry.tree.contains(splitFile))
        #expect(entry.downloads.count { $0.provides == splitFile } == 2)
    }
    for download in entry.downloads { #expect(URL(string: download.address)?.host != nil) }
    for text in entry.templates.flatMap(\.templates) { #expect(text.ranges(of: "{}").count == 1, "\(text)") }
    #expect(Array(entry.templates.map(\.name).prefix(2)) == ["tip", "coop"])
    #expect(Set(entry.templates.map(\.name)).count == entry.templates.count)
    for expected in entry.renamedFolders.values { #expect(expected == entry.images) }
}

@Test func theTemplatesAreThePublishedOnes() throws {
    func texts(_ dataset: String, _ name: String) throws -> [String] {
        try #require(Catalog.require(dataset).templates(named: name)).templates
    }
    for name in Catalog.crossDatasetTargets {
        #expect(try texts(name, "tip") == texts(name, "coop"))
        #expect(try texts(name, "tip").count == 1)
    }
    #expect(try texts("food101", "tip") == ["a photo of {}, a type of food."])
    #expect(try texts("dtd", "coop") == ["{} texture."])
    #expect(try texts("stanford_cars", "cluster")[3] == "this {} have four wheel")
    for name in ["imagenet"] + Catalog.shiftTargets {
        #expect(try texts(name, "coop") == ["a photo of a {}."])
        #expect(try texts(name, "tip") == texts(name, "imagenet7"))
        let eighty = try texts(name, "imagenet80")
        #expect(eighty.count == 80 && Set(eighty).count == 80)
        #expect(eighty.first == "a bad photo of a {}." && eighty.last == "a tattoo of the {}.")
        #expect(try texts(name, "imagenet7").allSatisfy { eighty.contains($0) })
    }
}

/// CoOp's published splits and class names, where they lie beside the checkout.
private let shared = RawTree.fixtures.deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "shared/data")

@Test(
    .enabled(if: FileManager.default.fileExists(atPath: shared.path)),
    arguments: ["caltech101", "dtd", "eurosat", "oxford_flowers"])
func thePublishedSplitsHaveTheCatalogsCounts(_ name: String) throws {
    let entry = try Catalog.require(name)
    let root = try DataRoot()
    let splitFile = try #require(entry.splitFile)
    try root.write(
        Data(contentsOf: shared.appending(path: "coop-splits/\(splitFile)")), to: "\(entry.folder)/\(splitFile)")
    let built = try entry.build(root: root.path)
    #expect(built.differences.isEmpty)
    #expect(built.split.dataset == name && built.split.root == entry.imageRoot)
}

@Test(.enabled(if: FileManager.default.fileExists(atPath: shared.path)))
func theClassNamesOfImagenetAreAcceptedWithTheirNamesakes() throws {
    let root = try DataRoot()
    let names = try Data(contentsOf: shared.appending(path: "classnames.txt"))
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

/// DATASET.md has the catalog's page between two marks, word for word.
@Test func theGuideToDataIsTheCatalogs() throws {
    let guide = try String(
        contentsOf: RawTree.fixtures.deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "DATASET.md"), encoding: .utf8)
    let parts = guide.components(separatedBy: "<!-- catalog -->\n")
    try #require(parts.count == 2)
    let page = parts[1].components(separatedBy: "<!-- end of catalog -->\n")
    try #require(page.count == 2)
    #expect(
        page[0] == Catalog.page,
        "put the output of 'fewshot-split list --markdown' between the two marks of DATASET.md")
}

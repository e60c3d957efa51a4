import Catalog
import Core
import Foundation
import TestSupport
import Testing

@Test func theCatalogHasTheElevenBenchmarksAndFourShifts() {
    #expect(
        Catalog.entries.map(\.name) == [
            "imagenet", "caltech101", "oxford_pets", "stanford_cars", "oxford_flowers", "food101", "fgvc_aircraft",
            "sun397", "dtd", "eurosat", "ucf101", "imagenetv2", "imagenet_sketch", "imagenet_a", "imagenet_r",
        ])
    #expect(Catalog.crossDatasetTargets.first == "caltech101" && Catalog.crossDatasetTargets.last == "ucf101")
    #expect(Catalog.shiftTargets == ["imagenetv2", "imagenet_sketch", "imagenet_a", "imagenet_r"])
}

/// The totals of the data sets' authors; without Caltech101, of which not all images are used.
@Test(arguments: [
    ("imagenet", 1_331_167), ("oxford_pets", 7349), ("stanford_cars", 16_185), ("oxford_flowers", 8189),
    ("food101", 101_000), ("fgvc_aircraft", 10_000), ("sun397", 39_700), ("dtd", 5640), ("eurosat", 27_000),
    ("ucf101", 13_320), ("imagenetv2", 10_000), ("imagenet_sketch", 50_889), ("imagenet_a", 7500),
    ("imagenet_r", 30_000),
])
func theSubsetsAddUpToTheWholeDataSet(_ name: String, _ total: Int) throws {
    #expect(try Catalog.require(name).counts.total == total)
}

/// The text is "40 to 258", or "120: 60, 24 and 36" if all classes have the same number of images.
@Test(arguments: Catalog.entries.filter { $0.shiftOf == nil && $0.name != "imagenet" }.map(\.name))
func theCountsFitTheImagesPerClass(_ name: String) throws {
    let entry = try Catalog.require(name)
    let text = entry.imagesPerClass.replacing(",", with: "")
    let numbers = text.split { !$0.isNumber }.compactMap { Int($0) }
    #expect(numbers[0] * entry.classCount <= entry.counts.total)
    #expect(entry.counts.total <= numbers[text.contains(":") ? 0 : 1] * entry.classCount)
}

@Test(arguments: Catalog.entries.map(\.name))
func anEntryIsComplete(_ name: String) throws {
    let entry = try Catalog.require(name)
    for text in [entry.title, entry.summary, entry.folder, entry.license, entry.classNaming, entry.imagesPerClass] {
        #expect(!text.isEmpty)
    }
    #expect(entry.homePage.hasPrefix("https://"))
    #expect(!entry.pitfalls.isEmpty)
    #expect(!entry.landmark.isEmpty && !entry.keywords.isEmpty)
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
    // The sets of other names serve every data set.
    for set in entry.templates.dropFirst(2) {
        #expect(Catalog.entries.compactMap { $0.templates(named: set.name) }.allSatisfy { $0 == set })
    }
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

/// DATASET.md contains the catalog page between two marks.
@Test func theCatalogInTheDataPageIsUpToDate() throws {
    let guide = String(decoding: try bytes(of: fixture("../../DATASET.md")), as: UTF8.self)
    let parts = guide.components(separatedBy: "<!-- catalog -->\n")
    try #require(parts.count == 2)
    let page = parts[1].components(separatedBy: "<!-- end of catalog -->\n")
    try #require(page.count == 2)
    #expect(
        page[0] == Catalog.page,
        "put the output of 'fewshot-split list --markdown' between the two marks of DATASET.md")
}

import Core
import Foundation
import SplitExport
import Splits
import TestSupport
import Testing

// `scripts/check-croissant` tests the descriptions with mlcroissant.

private typealias Members = [String: Any]

private func described(
    _ split: Split, _ details: CroissantDetails, in scratch: borrowing ScratchFolder
) throws -> (page: Members, missing: [String], bytes: [UInt8]) {
    let file = try written(split, in: scratch)
    let path = scratch.file("mine.croissant.json")
    let missing = try file.exportCroissant(details, to: path, replaces: true).missing
    let made = try bytes(of: path)
    let page = try #require(try JSONSerialization.jsonObject(with: Data(made)) as? Members)
    return (page, missing, made)
}

private func elements(_ page: Members, _ key: String) throws -> [Members] { try #require(page[key] as? [Members]) }

private func element(_ page: Members, _ key: String, _ id: String) throws -> Members {
    try #require(elements(page, key).first { $0["@id"] as? String == id })
}

@Test func itemsAreReferencedAndClassesEmbedded() throws {
    let scratch = try ScratchFolder()
    let split = try sampleSplit()
    let (page, _, made) = try described(split, CroissantDetails(), in: scratch)
    #expect(page["conformsTo"] as? String == "http://mlcommons.org/croissant/1.1")
    let classes = try element(page, "recordSet", "classes")
    let data = try #require(classes["data"] as? [Members])
    #expect(data.compactMap { $0["classes/name"] as? String } == split.classes)
    #expect(data.compactMap { $0["classes/label"] as? Int } == [0, 1, 2])
    let digest = try SplitFile(path: scratch.file("mine.split.json")).input.digest.description
    for subset in ["train", "val", "test"] {
        let file = try element(page, "distribution", "\(subset)-file")
        #expect(file["contentUrl"] as? String == "mine.split.json" && file["sha256"] as? String == digest)
        let fields = try elements(element(page, "recordSet", subset), "field")
        let source = try #require(fields[1]["source"] as? Members)
        #expect((source["extract"] as? Members)?["jsonPath"] as? String == "$.\(subset)[*][1]")
    }
    let text = String(decoding: made, as: UTF8.self)
    #expect(!text.contains(split.train[0].path) && !text.contains(scratch.path))
    #expect(try described(split, CroissantDetails(), in: scratch).bytes == made)
}

@Test func aLargeSplitHasASmallDescription() throws {
    let scratch = try ScratchFolder()
    let (_, _, few) = try described(sampleSplit(counts: (1, 1, 1)), CroissantDetails(), in: scratch)
    let (_, _, many) = try described(sampleSplit(counts: (9000, 1, 1)), CroissantDetails(), in: scratch)
    #expect(many.count - few.count < 100)
}

@Test func aSubsetWithoutItemsIsNotDescribed() throws {
    let scratch = try ScratchFolder()
    var split = try sampleSplit()
    split.val = ItemList()
    let (page, _, _) = try described(split, CroissantDetails(), in: scratch)
    #expect(
        try elements(page, "recordSet").compactMap { $0["@id"] as? String } == [
            "classes", "parts", "train", "test", "images",
        ])
    let parts = try #require(element(page, "recordSet", "parts")["data"] as? [Members])
    #expect(parts.compactMap { $0["parts/name"] as? String } == ["train", "test"])
}

@Test func missingPropertiesAreNamed() throws {
    let scratch = try ScratchFolder()
    let (bare, missing, _) = try described(sampleSplit(), CroissantDetails(), in: scratch)
    #expect(missing == ["license", "url", "creator", "datePublished"])
    #expect(bare["license"] == nil && bare["datePublished"] == nil)
    let details = try CroissantDetails(
        license: "https://spdx.org/licenses/MIT", url: "https://example.org/mine", creator: "Me",
        citation: "@misc{mine}", date: "2024-02-29")
    let (page, none, _) = try described(sampleSplit(), details, in: scratch)
    #expect(none.isEmpty)
    #expect(page["datePublished"] as? String == "2024-02-29")
    #expect(page["citeAs"] as? String == "@misc{mine}")
    #expect((page["creator"] as? Members)?["name"] as? String == "Me")
}

@Test(arguments: [
    "2023-02-29", "1900-02-29", "2023-13-01", "2023-00-10", "23-01-01", "2023-1-1", "2023/01/01", "", "-",
    "２０２３-01-01",
])
func anInvalidDateIsRefused(_ day: String) {
    let found = fault { _ = try CroissantDetails(date: day) }
    #expect(found?.status == .configuration && found?.option == "date")
}

@Test(arguments: ["example.org", "ftp://example.org", "https://", "/etc/passwd"])
func anInvalidAddressIsRefused(_ url: String) {
    #expect(fault { _ = try CroissantDetails(url: url) }?.option == "url")
}

@Test func theCatalogsLicensesAreGivenAsAddresses() {
    #expect(CroissantDetails.license("CC BY 4.0") == "https://spdx.org/licenses/CC-BY-4.0")
    #expect(CroissantDetails.license("research purposes") == "research purposes")
    #expect(CroissantDetails.license("none found") == nil && CroissantDetails.license("") == nil)
}

@Test func theImageFolderIsNamedByPatternsOfItsFiles() throws {
    let scratch = try ScratchFolder()
    var split = try sampleSplit()
    split.root = "a [b]/c.d"
    split.test = ItemList([
        Item(path: "top.PNG", label: 0), Item(path: "x/y/z.tif", label: 1), Item(path: "x/none", label: 2),
    ])
    let (page, _, _) = try described(split, CroissantDetails(), in: scratch)
    let files = try element(page, "distribution", "image-files")
    #expect(
        files["includes"] as? [String] == [
            "a [[]b]/c.d/**/*", "a [[]b]/c.d/**/*.jpg", "a [[]b]/c.d/**/*.tif", "a [[]b]/c.d/*.PNG",
        ])
    #expect(
        files["encodingFormat"] as? [String] == ["application/octet-stream", "image/jpeg", "image/png", "image/tiff"])
    let path = try elements(element(page, "recordSet", "images"), "field")[0]
    let transform = try #require((path["source"] as? Members)?["transform"] as? Members)
    let regex = try #require(transform["regex"] as? String)
    let whole = try #require("a [b]/c.d/x/y/z.tif".wholeMatch(of: Regex(regex)))
    #expect(whole[1].substring == "x/y/z.tif")
}

@Test func aSampleIsNamedByItsShotsAndSeed() throws {
    let scratch = try ScratchFolder()
    let whole = try written(sampleSplit(), in: scratch, as: "whole.split.json")
    let (page, _, _) = try described(whole.sampled(.tip, shots: 4, seed: 2), CroissantDetails(), in: scratch)
    #expect(page["name"] as? String == "mine-4shot-s2-tip")
    #expect((page["description"] as? String)?.contains(whole.input.digest.description) == true)
}

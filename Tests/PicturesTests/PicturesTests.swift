import Core
import Foundation
import Pictures
import Reporting
import TestSupport
import Testing

@Test func mistakesOnThePageHavePictures() throws {
    let study = try PicturedStudy()
    let page = try study.page(PictureOptions(reader: ImageFolder(), folder: study.images))
    #expect(page.contains("img-src data:"))
    #expect(page.count(of: "<img alt=") > 20)
    #expect(page.count(of: "src=\"data:image/jpeg;base64,") == page.count(of: "<img "))
    #expect(page.contains("Mistakes on pets") && page.contains("Map of pets"))
    #expect(!page.contains("no picture") && !page.contains(study.scratch.path))
    #expect(try page == study.page(PictureOptions(reader: ImageFolder(), folder: study.images)))
}

@Test func namesOfClassesAndFilesAreEscapedBesidePictures() throws {
    let study = try PicturedStudy()
    for pictures in [PictureOptions(reader: ImageFolder(), folder: study.images), nil] {
        let page = try study.page(pictures)
        #expect(!page.contains("<img src=x") && !page.contains("<b>ant") && page.count(of: "<script") == 1)
        #expect(page.contains("&lt;b&gt;ant&lt;/b&gt;") && page.contains("bee &amp; &quot;wasp&quot;"))
        #expect(page.contains("&lt;img src=x onerror=alert(2)&gt;"))
    }
}

@Test func aPageWithoutPicturesSaysWhy() throws {
    let study = try PicturedStudy()
    let none = try study.page(nil)
    #expect(!none.contains("<img") && !none.contains("img-src"))
    #expect(none.count(of: "No pictures were requested.") == 1)
    #expect(none.contains("Mistakes on pets"))
    let unknown = try study.page(PictureOptions(reader: ImageFolder()))
    #expect(unknown.count(of: "the features do not record their images") == 1)
    let wrong = try study.page(PictureOptions(reader: ImageFolder(), folder: study.scratch.file("elsewhere")))
    #expect(wrong.count(of: "the image files were not found or have changed") == 1 && !wrong.contains("<img"))
}

@Test func aReportWithoutItsFeaturesSaysSo() throws {
    let study = try PicturedStudy()
    try FileManager.default.removeItem(atPath: study.scratch.file("features"))
    let page = try study.page(PictureOptions(reader: ImageFolder(), folder: study.images))
    #expect(page.contains("The features of this run were not found"))
    #expect(!page.contains("<img") && page.contains("Each class of pets"))
}

@Test func aMissingOrChangedImageIsNoFailure() throws {
    let study = try PicturedStudy()
    for name in try FileManager.default.contentsOfDirectory(atPath: study.test).sorted().prefix(16) {
        try FileManager.default.removeItem(atPath: "\(study.test)/\(name)")
    }
    for name in try FileManager.default.contentsOfDirectory(atPath: study.test) {
        try study.scratch.write("no image", "images/test/\(name)")
    }
    let page = try study.page(PictureOptions(reader: ImageFolder(), folder: study.images))
    // Train images are still there.
    #expect(page.contains("<img") && page.contains("without a picture: no image file."))
    #expect(page.contains("without a picture: an image file that changed since it was encoded."))
}

@Test func picturesAreLimitedInNumberAndBytes() throws {
    let study = try PicturedStudy()
    let all = try study.page(PictureOptions(reader: ImageFolder(), folder: study.images))
    let few = try study.page(PictureOptions(reader: ImageFolder(), limit: 2, folder: study.images))
    #expect(few.count(of: "<img") < all.count(of: "<img"))
    let mistakes = try #require(few.range(of: "Mistakes on pets</h4>"))
    let map = try #require(few.range(of: "Map of pets</h4>"))
    #expect(few[mistakes.upperBound ..< map.lowerBound].components(separatedBy: "<img").count - 1 == 2)
    var options = PictureOptions(reader: ImageFolder(), folder: study.images)
    options.byteLimit = 4000
    let small = try study.page(options)
    let data = small.components(separatedBy: "base64,").dropFirst().map { $0.prefix { $0 != "\"" }.count }
    #expect(!data.isEmpty && data.reduce(0, +) <= 4000)
    #expect(small.contains("left out, because the page holds at most"))
}

@Test func picturesOfUnusableFilesAreFailures() throws {
    let study = try PicturedStudy()
    try study.scratch.write("no image", "images/broken.jpg")
    let item = "test/<img src=x onerror=alert(2)> 3.ppm"
    let requests = [
        PictureRequest(item: item, checksum: nil), PictureRequest(item: item + "#2", checksum: nil),
        PictureRequest(item: item, checksum: 1), PictureRequest(item: "broken.jpg", checksum: nil),
        PictureRequest(item: "absent.jpg", checksum: nil), PictureRequest(item: "../runs/results.jsonl", checksum: nil),
        PictureRequest(item: "test", checksum: nil),
    ]
    let found = ImageFolder(side: 24).pictures(of: requests, in: study.images)
    let picture = try found[0].get()
    #expect(picture.width == 24 && picture.height == 12 && picture.jpeg.starts(with: [0xFF, 0xD8]))
    #expect(try found[1].get().jpeg == picture.jpeg)
    let failures = found.dropFirst(2).map { result in
        if case .failure(let failure) = result { failure } else { nil as PictureFailure? }
    }
    #expect(failures == [.changed, .undecodable, .missing, .missing, .missing])
}

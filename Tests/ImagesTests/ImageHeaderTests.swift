import Core
import Images
import TestSupport
import Testing

private func header(_ bytes: [UInt8]) throws(Fault) -> ImageHeader {
    unsafe try ImageHeader(bytes.span.bytes, path: "picture")
}

private func rejection(_ bytes: [UInt8]) -> String {
    fault { () throws(Fault) in _ = try header(bytes) }?.found ?? "read"
}

@Test func allFixturesAreRead() throws {
    #expect(try Fixtures.expected().count == Fixtures.images.count)
}

@Test func theFormatIsDetectedFromContentOrFileName() {
    #expect(ImageFormat(firstBytes: [0xFF, 0xD8, 0xFF, 0xE0]) == .jpeg)
    #expect(ImageFormat(firstBytes: Array("GIF89a".utf8)) == .gif)
    #expect(ImageFormat(firstBytes: Array("plain text".utf8)) == nil)
    #expect(ImageFormat(fileName: "A photo (1).JPEG") == .jpeg)
    #expect(ImageFormat(fileName: "Thumbs.db") == nil)
}

/// Pillow enlarges the first image when it decodes it, and rotates the second, which is rejected here.
private let otherSizes = ["beyond.gif", "refused-turned.tif"]

@Test(arguments: Fixtures.images.filter { !otherSizes.contains($0) }) func everyFormatHasTheSizeThatPillowReads(
    _ name: String
) throws {
    let expected = try #require(Fixtures.expected()[name])
    let header = try ImageHeader(path: Fixtures.path(name))
    #expect(header.format.rawValue == expected.format)
    #expect(header.width == expected.width && header.height == expected.height)
}

@Test(arguments: Fixtures.images) func aTruncatedHeaderIsRejectedWithItsLength(_ name: String) throws {
    let bytes = try Fixtures.bytes(name)
    var whole: ImageHeader?
    for length in 1 ... bytes.count {
        do throws(Fault) {
            let read = try header(Array(bytes.prefix(length)))
            // Once the header is complete, more bytes make no difference.
            #expect(whole == nil || whole == read)
            whole = read
        } catch {
            #expect(whole == nil, "\(name) is read with fewer than \(length) bytes only")
            // The libraries of HEIC and AVIF have words of their own.
            if length > 16, ![.heic, .avif].contains(ImageFormat(fileName: name)) {
                #expect(error.found == "a file that ends in the middle of the header at byte \(length)")
            }
        }
    }
    #expect(whole != nil)
}

@Test func filesThatAreNotImagesAreDescribed() {
    #expect(rejection(Array("\n <!DOCTYPE html><html>404".utf8)) == "an HTML page")
    #expect(rejection(Array("version https://git-lfs.github.com/spec/v1\n".utf8)).contains("Git LFS"))
    #expect(rejection([0x50, 0x4B, 3, 4, 20, 0]) == "a zip archive")
    #expect(rejection([UInt8](repeating: 0, count: 4096)) == "only zero bytes")
    #expect(rejection(Array("BMW and Audi are makers of cars.".utf8)) == "a text")
    #expect(rejection(Array("P5 is no image".utf8)) == "a text")
    #expect(rejection([1, 2, 3, 200]) == "bytes of an unknown image format")
    #expect(rejection([0xFF, 0xD8, 0xFF, 0xD9]) == "a JPEG without a frame header")
}

@Test(
    arguments: [
        (Array("8BPS".utf8), "a PSD image"), ([0xFF, 0x0A, 1], "a JPEG XL image"),
        ([0, 0, 0, 12] + Array("jP  ".utf8), "a JPEG 2000 image"),
        ([0x49, 0x49, 0x2B, 0, 8, 0, 0, 0], "a BigTIFF image"),
        ([0x49, 0x49, 0x2A, 0, 16, 0, 0, 0] + Array("CR\u{2}".utf8), "a RAW image"),
        (Array("<?xml version='1.0'?>\n<svg></svg>".utf8), "an SVG image"),
        ([UInt8](repeating: 0, count: 128) + Array("DICM".utf8), "a DICOM image"),
    ] as [([UInt8], String)])
func anImageOfAFormatThatIsNotReadIsNamed(bytes: [UInt8], name: String) {
    let rejected = fault { () throws(Fault) in _ = try header(bytes) }
    #expect(rejected?.found == name && rejected?.isUnsupportedImage == true)
    #expect(rejected?.expected == "JPEG, PNG, GIF, BMP, WebP, TIFF, HEIC, AVIF or PPM")
}

@Test(
    arguments: [
        ([0, 0, 0, 20] + Array("ftypqt  ".utf8), "a QuickTime video"), (Array("RIFF____AVI LIST".utf8), "an AVI video"),
        ([0, 0, 0, 24] + Array("ftypisom____isomiso2".utf8), "an MP4 video"),
        ([0x1A, 0x45, 0xDF, 0xA3], "a Matroska video"),
    ] as [([UInt8], String)])
func aVideoIsNamed(bytes: [UInt8], name: String) {
    let rejected = fault { () throws(Fault) in _ = try header(bytes) }
    #expect(rejected?.found == name && rejected?.isUnsupportedImage == false)
}

@Test func aRawImageOfACameraIsNotReadAsTheTIFFOfItsThumbnail() throws {
    let scratch = try ScratchFolder()
    let path = try scratch.write(Fixtures.bytes("plain.tif"), "DSC_0001.NEF")
    #expect(fault { () throws(Fault) in _ = try ImageHeader(path: path) }?.found == "a RAW image")
}

@Test func theBrandsOfAMediaFileDecideItsFormat() {
    func format(_ brands: String) -> ImageFormat? {
        ImageFormat(firstBytes: [0, 0, 0, UInt8(8 + brands.utf8.count)] + Array("ftyp\(brands)".utf8))
    }
    #expect(format("heic____mif1heic") == .heic && format("mif1____mif1heic") == .heic)
    #expect(format("avif____mif1miaf") == .avif && format("mif1____mif1avif") == .avif)
    #expect(format("isom____avc1") == nil)
}

@Test func eachFormatIsDetectedBySuffixesOfItsOwn() {
    let suffixes = ImageFormat.allCases.flatMap(\.suffixes)
    #expect(Set(suffixes).count == suffixes.count)
    for format in ImageFormat.allCases {
        for suffix in format.suffixes {
            #expect(ImageFormat(fileName: "a.\(suffix.uppercased())") == format)
            #expect(UnreadFormat(fileName: "a.\(suffix)") == nil)
        }
    }
}

@Test func theDocumentsListTheFormatsThatAreRead() throws {
    let page = String(decoding: try TestSupport.bytes(of: fixture("../../DATASET.md")), as: UTF8.self)
    let rows = page.split(separator: "\n").drop { !$0.hasPrefix("| format | suffixes |") }.dropFirst(2)
    let expected = ImageFormat.allCases.map { format in
        "| \(format.title) | \(format.suffixes.map { "`.\($0)`" }.joined(separator: " ")) | "
    }
    #expect(zip(rows, expected).map { String($0.prefix($1.count)) } == expected)
    #expect(!rows.dropFirst(expected.count).prefix(1).contains { $0.hasPrefix("|") })
}

@Test(arguments: Fixtures.images) func grayValuesOfMoreThanEightBitsShowInTheHeader(_ name: String) throws {
    let deep: Set = [
        "gray16.png", "interlaced-gray16.png", "gray16.tif", "gray16-packed.tif", "gray10.heic", "gray12.heic",
        "deep.pgm", "deep1000.pgm", "deep-text.pgm",
    ]
    #expect(try ImageHeader(path: Fixtures.path(name)).isDeepGray == deep.contains(name))
}

@Test func anEmptyFileIsReportedAsEmpty() throws {
    let scratch = try ScratchFolder()
    let path = try scratch.write("", "empty.jpg")
    #expect(fault { () throws(Fault) in _ = try ImageHeader(path: path) }?.found == "an empty file")
}

@Test func aHeaderWithoutPixelsIsRejected() throws {
    var bytes = try Fixtures.bytes("rgb.png")
    bytes.replaceSubrange(16 ..< 20, with: [0, 0, 0, 0])
    #expect(rejection(bytes) == "PNG of 0 x 5 pixels")
}

@Test func aBitmapMayBeStoredTopDown() throws {
    var bytes = try Fixtures.bytes("plain.bmp")
    let flipped = UInt32(bitPattern: -9)
    for offset in 0 ..< 4 { bytes[22 + offset] = UInt8(truncatingIfNeeded: flipped >> (8 * offset)) }
    #expect(try header(bytes).height == 9)
    // The smallest 32-bit number has no positive counterpart.
    bytes.replaceSubrange(22 ..< 26, with: [0, 0, 0, 0x80])
    #expect(try header(bytes).height == 1 << 31)
}

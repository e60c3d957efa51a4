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
            if length > 16 { #expect(error.found == "a file that ends in the middle of the header at byte \(length)") }
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
    #expect(rejection([0x49, 0x49, 0x2B, 0, 8, 0, 0, 0]) == "a BigTIFF image")
    #expect(rejection([1, 2, 3, 200]) == "bytes of an unknown image format")
    #expect(rejection([0xFF, 0xD8, 0xFF, 0xD9]) == "a JPEG without a frame header")
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

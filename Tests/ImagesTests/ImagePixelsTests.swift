import Core
import Images
import TestSupport
import Testing

private func pixels(_ bytes: [UInt8]) throws(Fault) -> ImagePixels {
    unsafe try ImagePixels(decoding: bytes.span.bytes, path: "picture")
}

private func rejection(_ bytes: [UInt8]) -> String {
    fault { () throws(Fault) in _ = try pixels(bytes) }?.found ?? "read"
}

@Test(arguments: Fixtures.decoded) func pixelsEqualPillows(_ name: String) throws {
    let expected = try #require(Fixtures.expected()[name])
    let image = try ImagePixels(path: Fixtures.path(name))
    #expect(image.width == expected.width && image.height == expected.height)
    if let values = expected.values {
        #expect(image.values == values)
    } else {
        #expect(unsafe shortDigest(image.values.span.bytes) == expected.digest)
    }
}

@Test(arguments: Fixtures.decoded) func aTruncatedImageIsRejectedUnlessAllPixelsArePresent(_ name: String) throws {
    let bytes = try Fixtures.bytes(name)
    let whole = try pixels(bytes)
    var rejections = 0
    for length in 1 ..< bytes.count where (bytes.count - length) % 7 == 1 {
        // The end marker of a JPEG has two bytes; without the second, all pixels are still present.
        guard !name.hasSuffix(".jpg") || length < bytes.count - 2 else { continue }
        // The last number of a text may lose digits.
        let isText = bytes.starts(with: "P2".utf8) || bytes.starts(with: "P3".utf8)
        guard !isText || length < bytes.count - 5 else { continue }
        do throws(Fault) {
            let image = try pixels(Array(bytes.prefix(length)))
            #expect(
                image == whole && !name.hasSuffix(".png") && !name.hasSuffix(".jpg"),
                "\(length) of \(bytes.count) bytes")
        } catch { rejections += 1 }
    }
    #expect(rejections > 0)
}

@Test func aFlippedBitInAPNGIsDetected() throws {
    let original = try Fixtures.bytes("rgb.png")
    for offset in 41 ..< original.count - 16 {
        var bytes = original
        bytes[offset] ^= 4
        #expect(!rejection(bytes).hasPrefix("read"), "byte \(offset)")
    }
}

@Test func sizesThatAFileCannotHoldAreRejectedBeforeAllocation() throws {
    var bytes = try Fixtures.bytes("rgb.png")
    bytes.replaceSubrange(16 ..< 24, with: [0x7F, 0xFF, 0xFF, 0xFF, 0x7F, 0xFF, 0xFF, 0xFF])
    #expect(rejection(bytes) == "2147483647 x 2147483647 pixels in a file of 178 bytes")
    bytes.replaceSubrange(16 ..< 24, with: [0, 0, 0x20, 0, 0, 0, 0x20, 0])
    #expect(rejection(bytes) == "8192 x 8192 pixels in a file of 178 bytes")
}

@Test(arguments: Fixtures.images.filter { $0.hasPrefix("refused-") }) func unsupportedKindsOfTIFFAreRejectedByName(
    _ name: String
) throws {
    let bytes = try Fixtures.bytes(name)
    let rejected = fault { () throws(Fault) in _ = try pixels(bytes) }
    #expect(rejected?.found.hasPrefix("a TIFF of ") == true && rejected?.isUnsupportedImage == true)
}

@Test func unsupportedKindsOfBitmapsAreNotReportedAsDamaged() throws {
    var bytes = try Fixtures.bytes("palette.bmp")
    // Run-length encoding with eight bits per pixel.
    bytes[30] = 1
    let compressed = fault { () throws(Fault) in _ = try pixels(bytes) }
    #expect(
        compressed?.found == "a bitmap with 8 bits per pixel and compression 1"
            && compressed?.isUnsupportedImage == true)
    bytes[30] = 0
    let cut = fault { () throws(Fault) in _ = try pixels(Array(bytes.dropLast(9))) }
    #expect(cut?.isUnsupportedImage == false)
}

@Test(arguments: ["gray16.png", "gray16.tif", "gray10.heic", "deep.pgm", "deep-text.pgm"])
func clippedGrayValuesAreCounted(_ name: String) throws {
    let image = try ImagePixels(path: Fixtures.path(name))
    let white = stride(from: 0, to: image.values.count, by: 3).count { image.values[$0] == 255 }
    // A value of exactly 255 is not clipped.
    #expect(image.clippedCount > 0 && white - 1 ... white ~= image.clippedCount)
    var clipped = ClippedImages()
    clipped.add(image)
    #expect(clipped.note(total: 3)?.hasPrefix("1 of 3 images has gray values of more than 8 bits") == true)
}

@Test(arguments: ["rgb16.png", "gray.png", "deep.ppm", "rgb-444-10.heic", "gray-10.avif", "plain.pgm"])
func otherValuesAreNotClipped(_ name: String) throws {
    let image = try ImagePixels(path: Fixtures.path(name))
    #expect(image.clippedCount == 0 && image.warning == nil)
    var clipped = ClippedImages()
    clipped.add(image)
    #expect(clipped.note(total: 1) == nil)
}

@Test(arguments: [
    ("P6 1 1 0\n...", "a PPM whose largest value is 0"), ("P6 2 2 255\n....", "15 bytes of a PPM that needs 23"),
    ("P2 1 1 9\n10", "a PPM with an invalid value after 0 others"), ("P3 1 1 9\n1 2", "2 of the 3 values of a PPM"),
    ("P2 1 1 9\n-1", "a PPM with an invalid value after 0 others"), ("P1 2 1\n1#", "1 of the 2 values of a PPM"),
    ("P5 0 3 255\n", "PPM of 0 x 3 pixels"), ("P5 99999 99999 255\n", "99999 x 99999 pixels in a file of 19 bytes"),
])
func invalidPPMsAreRejected(text: String, found: String) {
    #expect(rejection(Array(text.utf8)) == found)
}

@Test func aHEICWhosePixelsAreMissingIsRejected() throws {
    let bytes = try Fixtures.bytes("420.heic")
    let found = rejection(Array(bytes.dropLast(40)))
    #expect(found.hasPrefix("a damaged HEIC ("), "\(found)")
}

@Test func aHEICOfAnotherCodecIsUnsupported() throws {
    var bytes = try Fixtures.bytes("420.heic")
    // The item's type: VVC in place of HEVC.
    for start in bytes.indices.dropLast(4) where bytes[start ..< start + 4].elementsEqual("hvc1".utf8) {
        bytes.replaceSubrange(start ..< start + 4, with: "vvc1".utf8)
    }
    let found = fault { () throws(Fault) in _ = try pixels(bytes) }
    #expect(found?.status == .badData && found?.found.contains("HEIC") == true, "\(String(describing: found))")
}

@Test func extraBytesBetweenSegmentsAreSkippedWithAWarning() throws {
    let original = try Fixtures.bytes("rgb.jpg")
    #expect(try pixels(original).warning == nil)
    // Inserted before the last marker, where a decoder searches for one.
    let padded = Array(original.dropLast(2)) + [1, 2, 3] + original.suffix(2)
    let image = try pixels(padded)
    #expect(image.values == (try pixels(original).values))
    #expect(image.warning?.contains("extraneous bytes") == true, "\(image.warning ?? "no warning")")
    #expect(rejection(Array(padded.prefix(padded.count * 2 / 3))).hasPrefix("a damaged JPEG"))
}

@Test func aFatalErrorAfterAWarningIsReported() throws {
    var bytes = try Fixtures.bytes("rgb.jpg")
    let tables = bytes.indices.dropLast(4).filter { bytes[$0] == 0xFF && bytes[$0 + 1] == 0xDB && bytes[$0 + 4] == 1 }
    bytes[try #require(tables.first) + 4] = 3
    let reason = "a damaged JPEG (Quantization table 0x01 was not defined)"
    #expect(rejection(bytes) == reason)
    // Extra bytes after the first segment cause the warning.
    bytes.insert(contentsOf: [1, 2, 3], at: 4 + Int(bytes[4]) << 8 + Int(bytes[5]))
    #expect(rejection(bytes) == reason)
}

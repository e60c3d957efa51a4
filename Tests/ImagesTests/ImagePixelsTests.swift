import Core
import Images
import TestSupport
import Testing

private func pixels(_ bytes: [UInt8]) throws(Fault) -> ImagePixels {
    unsafe try ImagePixels(decoding: bytes.span.bytes, path: "picture")
}

private func refusal(_ bytes: [UInt8]) -> String {
    do throws(Fault) {
        return "read \(try pixels(bytes).width)"
    } catch { return error.found }
}

@Test(arguments: Fixtures.decoded) func pixelsAreThoseOfPillow(_ name: String) throws {
    let expected = try #require(Fixtures.expected()[name])
    let image = try ImagePixels(path: Fixtures.path(name))
    #expect(image.width == expected.width && image.height == expected.height)
    #expect(image.values == expected.values)
}

@Test(arguments: Fixtures.decoded) func aTruncatedImageIsDamagedUnlessAllPixelsAreThere(_ name: String) throws {
    let bytes = try Fixtures.bytes(name)
    let whole = try pixels(bytes)
    var refusals = 0
    for length in 1 ..< bytes.count where (bytes.count - length) % 7 == 1 {
        // The end marker of a JPEG is two bytes, and nothing of the picture is lost with half of it.
        guard !name.hasSuffix(".jpg") || length < bytes.count - 2 else { continue }
        do throws(Fault) {
            let image = try pixels(Array(bytes.prefix(length)))
            #expect(
                image == whole && !name.hasSuffix(".png") && !name.hasSuffix(".jpg"),
                "\(length) of \(bytes.count) bytes")
        } catch { refusals += 1 }
    }
    #expect(refusals > 0)
}

@Test func aFlippedBitInAPNGIsFound() throws {
    let original = try Fixtures.bytes("rgb.png")
    for place in 41 ..< original.count - 16 {
        var bytes = original
        bytes[place] ^= 4
        #expect(!refusal(bytes).hasPrefix("read"), "byte \(place)")
    }
}

@Test func sizesThatAFileCannotHoldAreRefusedBeforeAnythingIsAllocated() throws {
    var bytes = try Fixtures.bytes("rgb.png")
    bytes.replaceSubrange(16 ..< 24, with: [0x7F, 0xFF, 0xFF, 0xFF, 0x7F, 0xFF, 0xFF, 0xFF])
    #expect(refusal(bytes) == "2147483647 x 2147483647 pixels in a file of 178 bytes")
    bytes.replaceSubrange(16 ..< 24, with: [0, 0, 0x20, 0, 0, 0, 0x20, 0])
    #expect(refusal(bytes) == "8192 x 8192 pixels in a file of 178 bytes")
}

@Test(arguments: Fixtures.images.filter { $0.hasPrefix("refused-") }) func rareKindsOfTIFFAreRefusedByName(
    _ name: String
) throws {
    let bytes = try Fixtures.bytes(name)
    let refused = fault { () throws(Fault) in _ = try pixels(bytes) }
    #expect(refused?.found.hasPrefix("a TIFF of ") == true && refused?.isUnsupportedImage == true)
}

@Test func rareKindsOfBitmapsAreNotCalledDamaged() throws {
    var bytes = try Fixtures.bytes("palette.bmp")
    // Run-length encoding of eight bits a pixel.
    bytes[30] = 1
    let packed = fault { () throws(Fault) in _ = try pixels(bytes) }
    #expect(packed?.found == "a bitmap of 8 bits a pixel, compression 1" && packed?.isUnsupportedImage == true)
    bytes[30] = 0
    let cut = fault { () throws(Fault) in _ = try pixels(Array(bytes.dropLast(9))) }
    #expect(cut?.isUnsupportedImage == false)
}

@Test func deepGrayIsClippedWithAWord() throws {
    #expect(try ImagePixels(path: Fixtures.path("gray16.png")).complaint?.contains("clipped to 255") == true)
    #expect(try ImagePixels(path: Fixtures.path("rgb16.png")).complaint == nil)
}

@Test func whatIsNoImageIsNotDecoded() throws {
    #expect(refusal(Array("<html>".utf8)) == "an HTML page")
}

@Test func bytesThatBelongToNothingAreGotOverAsPillowDoes() throws {
    let original = try Fixtures.bytes("rgb.jpg")
    #expect(try pixels(original).complaint == nil)
    // Before the last marker, where a decoder looks for one.
    let padded = Array(original.dropLast(2)) + [1, 2, 3] + original.suffix(2)
    let image = try pixels(padded)
    #expect(image.values == (try pixels(original).values))
    #expect(image.complaint?.contains("extraneous bytes") == true, "\(image.complaint ?? "no complaint")")
    #expect(refusal(Array(padded.prefix(padded.count * 2 / 3))).hasPrefix("a damaged JPEG"))
}

@Test func aFatalErrorBehindAWarningIsNoImage() throws {
    var bytes = try Fixtures.bytes("rgb.jpg")
    let tables = bytes.indices.dropLast(4).filter { bytes[$0] == 0xFF && bytes[$0 + 1] == 0xDB && bytes[$0 + 4] == 1 }
    bytes[try #require(tables.first) + 4] = 3
    let reason = "a damaged JPEG (Quantization table 0x01 was not defined)"
    #expect(refusal(bytes) == reason)
    // Bytes that belong to nothing, behind the first segment, are warned of.
    bytes.insert(contentsOf: [1, 2, 3], at: 4 + Int(bytes[4]) << 8 + Int(bytes[5]))
    #expect(refusal(bytes) == reason)
}

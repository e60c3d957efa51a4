import Core
import Foundation
import Images
import TestSupport
import Testing

private struct Expected: Decodable {
    struct Pixels: Decodable {
        let width, height: Int
        let rgb: String

        var image: ImagePixels {
            let digits = Array(rgb.utf8)
            let values = stride(from: 0, to: digits.count - 1, by: 2).compactMap { index in
                UInt8(String(decoding: digits[index ... index + 1], as: UTF8.self), radix: 16)
            }
            return ImagePixels(width: width, height: height, values: values)
        }
    }

    struct Turned: Decodable {
        let jpeg: Data
        let upright: Pixels
    }

    struct Reduced: Decodable {
        let source, reduced: Pixels
        let side: Int
    }

    let turned: [Turned]
    let reduced: Reduced

    static func read() throws -> Expected {
        try JSONDecoder().decode(Self.self, from: Data(contentsOf: URL(filePath: fixture("orientations.json"))))
    }
}

@Test func photosAreTurnedAsPillowTurnsThem() throws {
    let all = try Expected.read().turned
    #expect(all.count == ImageOrientation.allCases.count)
    for (index, expected) in all.enumerated() {
        let bytes = [UInt8](expected.jpeg)
        let orientation = unsafe ImageOrientation(of: bytes.span.bytes)
        #expect(orientation.rawValue == index + 1)
        let pixels = try unsafe ImagePixels(decoding: bytes.span.bytes, path: "photo")
        #expect(pixels.turned(orientation) == expected.upright.image, "orientation \(index + 1)")
    }
}

@Test func anImageIsReducedAsPillowReducesIt() throws {
    let expected = try Expected.read().reduced
    let source = expected.source.image
    #expect(source.fitted(into: expected.side) == expected.reduced.image)
    #expect(source.fitted(into: 50) == source)
}

@Test func damagedEXIFDataIsUpright() throws {
    let bytes = try [UInt8](Expected.read().turned[5].jpeg)
    let start = try #require(bytes.indices.first { bytes[$0...].starts(with: Array("Exif".utf8)) })
    // The value of the only entry of the directory ends 26 bytes behind the start.
    for length in start ..< start + 26 {
        let cut = Array(bytes[..<length])
        #expect(unsafe ImageOrientation(of: cut.span.bytes) == .upright)
    }
    #expect(unsafe ImageOrientation(of: [0x89, 0x50].span.bytes) == .upright)
}

@Test func aThumbnailShowsTheWholeImageUpright() throws {
    // A gradient, as noise does not survive the JPEG.
    let width = 600
    let height = 400
    var values: [UInt8] = []
    for y in 0 ..< height {
        for x in 0 ..< width { values += [UInt8(x * 255 / width), UInt8(y * 255 / height), 90] }
    }
    let large = Array("P6 \(width) \(height) 255\n".utf8) + values
    let small = try unsafe Thumbnail(of: large.span.bytes, path: "large", side: 60)
    #expect(small.width == 60 && small.height == 40 && !small.isTurned)
    let decoded = try unsafe ImagePixels(decoding: small.jpeg.span.bytes, path: "small")
    let whole = ImagePixels(width: width, height: height, values: values).fitted(into: 60)
    let differences = zip(decoded.values, whole.values).map { abs(Int($0) - Int($1)) }
    #expect(differences.reduce(0, +) < 3 * differences.count)
    // A JPEG of 60 pixels is decoded at half of its sides.
    let again = try unsafe Thumbnail(of: small.jpeg.span.bytes, path: "small", side: 10)
    #expect(again.width == 10 && again.height == 7)
    let photo = try [UInt8](Expected.read().turned[5].jpeg)
    let turned = try unsafe Thumbnail(of: photo.span.bytes, path: "turned", side: 9)
    #expect(turned.width == 5 && turned.height == 9 && turned.isTurned)
}

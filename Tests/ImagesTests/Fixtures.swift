import Foundation
import Images
import TestSupport

/// Pillow's result for one of the small images that `Tests/Fixtures/make_images.py` writes.
struct ExpectedImage: Decodable {
    let format: String
    let width: Int
    let height: Int
    /// The pixels of a small image in hexadecimal, for decoded formats.
    let rgb: String?
    /// The short digest of the pixels of a larger image.
    let digest: String?

    var values: [UInt8]? {
        guard let rgb else { return nil }
        let digits = Array(rgb.utf8)
        return stride(from: 0, to: digits.count - 1, by: 2).compactMap { index in
            UInt8(String(decoding: digits[index ... index + 1], as: UTF8.self), radix: 16)
        }
    }
}

enum Fixtures {
    static func expected() throws -> [String: ExpectedImage] {
        try JSONDecoder().decode([String: ExpectedImage].self, from: Data(bytes("expected.json")))
    }

    static func path(_ name: String) -> String { fixture("images/\(name)") }

    static func bytes(_ name: String) throws -> [UInt8] { try TestSupport.bytes(of: path(name)) }

    /// The names of all images; empty only if the fixtures are unreadable, which `allFixturesAreRead` detects.
    static let images = (try? expected().keys.sorted()) ?? []
    static let decoded = images.filter { !$0.hasPrefix("refused-") }
}

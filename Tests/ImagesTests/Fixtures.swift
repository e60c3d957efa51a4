import Foundation
import Images

/// Pillow's result for one of the small images that `Tests/Fixtures/make_images.py` writes.
struct ExpectedImage: Decodable {
    let format: String
    let width: Int
    let height: Int
    /// The pixels in hexadecimal, for decoded formats.
    let rgb: String?

    var values: [UInt8] {
        let digits = Array((rgb ?? "").utf8)
        return stride(from: 0, to: digits.count - 1, by: 2).compactMap { index in
            UInt8(String(decoding: digits[index ... index + 1], as: UTF8.self), radix: 16)
        }
    }
}

enum Fixtures {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Fixtures/images")

    static func expected() throws -> [String: ExpectedImage] {
        try JSONDecoder().decode(
            [String: ExpectedImage].self, from: Data(contentsOf: folder.appending(path: "expected.json")))
    }

    static func path(_ name: String) -> String { folder.appending(path: name).path }

    static func bytes(_ name: String) throws -> [UInt8] { try Array(Data(contentsOf: folder.appending(path: name))) }

    static let images: [String] = {
        do { return try expected().keys.sorted() } catch { fatalError("\(folder.path): \(error)") }
    }()
    static let decoded = images.filter { !$0.hasPrefix("refused-") }
}

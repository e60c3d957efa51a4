import Core
import Foundation
import Images
import TestSupport
import Testing

/// The results of Pillow and torchvision for synthetic images, as `Tests/Fixtures/images_views.py` records them.
struct ViewFixtures: Decodable {
    struct View: Decodable {
        let size, view: Int
        let mode: Preprocessing.ResizeMode
        let tensor: String
        let item: String?
        let seed: UInt64?
        let augmentation: Preprocessing.Augmentation?
        let box: ViewBox?

        func preprocessing(_ passes: PassOrder) -> Preprocessing {
            Preprocessing(size: size, resizeMode: mode, passes: passes, augmentation: augmentation ?? .tip)
        }
        var key: ViewKey { ViewKey(seed: seed ?? 0, item: item ?? "", view: view) }
    }
    struct Case: Decodable, CustomTestStringConvertible {
        let width, height: Int
        let views: [View]

        var testDescription: String { "\(width) x \(height)" }
    }
    /// The size of an image and a random crop of it.
    struct RandomBox: Decodable {
        let width, height: Int
        let box: ViewBox
    }

    let boxes: [RandomBox]
    let cases: [Case]
    /// The width and height before and after the shorter side is resized to 224 [4].
    let sizes: [[Int]]

    static func read(_ passes: PassOrder = .adaptive) throws -> ViewFixtures {
        // The others were recorded with Pillow before version 13.
        let name = passes == .adaptive ? "images_views.json" : "images_views_fixed.json"
        return try JSONDecoder().decode(ViewFixtures.self, from: Data(contentsOf: URL(filePath: fixture(name))))
    }

    /// Returns a synthetic image, by the same formula as the script.
    static func synthetic(_ width: Int, _ height: Int) -> ImagePixels {
        var values: [UInt8] = []
        values.reserveCapacity(3 * width * height)
        for y in 0 ..< height {
            for x in 0 ..< width {
                for c in 0 ..< 3 {
                    let smooth = (x * x * 3 + y * y * 5 + x * y * 7 + 40 * c) >> 3
                    values.append(UInt8(truncatingIfNeeded: smooth ^ (x * 11 + y * 17 + ((x * y) >> 5) * c)))
                }
            }
        }
        return ImagePixels(width: width, height: height, values: values)
    }
}

/// Returns the values of a view in three planes [3×H×W], as PyTorch has them.
func tensor(_ key: ViewKey, _ image: ImagePixels, _ preprocessor: inout Preprocessor) throws(Fault) -> [Float] {
    var values = [Float](repeating: 0, count: preprocessor.preprocessing.count)
    var span = values.mutableSpan
    try preprocessor.write(key, of: image, path: "picture", into: &span)
    return (0 ..< 3).flatMap { channel in stride(from: channel, to: values.count, by: 3).map { values[$0] } }
}

/// Returns the first half of the SHA-256 of `bytes`.
func shortDigest(_ bytes: RawSpan) -> String { String(Digest(of: bytes).description.prefix(32)) }

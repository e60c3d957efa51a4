import Foundation
import Images
import Testing

/// The results of Pillow and torchvision for synthetic images, as `Tests/Fixtures/images_views.py` records them.
struct ViewFixtures: Decodable {
    struct Resized: Decodable {
        let size: [Int]
        let sha256: String
        let box: [Float]?
    }
    struct Centered: Decodable {
        let side: Int
        let sha256: String
    }
    struct View: Decodable {
        let size, view: Int
        let mode: Preprocessing.ResizeMode
        let pixels, tensor: String
        let item: String?
        let seed: UInt64?
        let augmentation: Preprocessing.Augmentation?
        let box: Box?

        func preprocessing(_ passes: PassOrder) -> Preprocessing {
            Preprocessing(size: size, resizeMode: mode, passes: passes, augmentation: augmentation ?? .tip)
        }
        var key: ViewKey { ViewKey(seed: seed ?? 0, item: item ?? "", view: view) }
    }
    /// The left and top edges, width, height, and whether the view is flipped.
    struct Box: Decodable, Equatable {
        let edges: [Int]
        let isFlipped: Bool

        init(_ box: ViewBox) {
            edges = [box.left, box.top, box.width, box.height]
            isFlipped = box.isFlipped
        }

        init(from decoder: any Decoder) throws {
            var values = try decoder.unkeyedContainer()
            edges = try (0 ..< 4).map { _ in try values.decode(Int.self) }
            isFlipped = try values.decode(Bool.self)
        }
    }
    struct Case: Decodable, CustomTestStringConvertible {
        let width, height: Int
        let resized: [Resized]
        let boxed: Resized
        let centered: [Centered]
        let views: [View]

        var testDescription: String { "\(width) x \(height)" }
    }
    /// The size of an image and a random crop of it.
    struct RandomBox: Decodable {
        let width, height: Int
        let box: Box

        init(from decoder: any Decoder) throws {
            var values = try decoder.unkeyedContainer()
            width = try values.decode(Int.self)
            height = try values.decode(Int.self)
            box = try values.decode(Box.self)
        }
    }

    let boxes: [RandomBox]
    let cases: [Case]
    /// The width and height before and after the shorter side is resized to 224 [4].
    let sizes: [[Int]]

    static let adaptive = read("images_views.json")
    /// Recorded with Pillow before version 13.
    static let fixed = read("images_views_fixed.json")
    /// Every example, with its order of passes.
    static let all = adaptive.cases.map { (PassOrder.adaptive, $0) } + fixed.cases.map { (PassOrder.fixed, $0) }

    private static func read(_ name: String) -> ViewFixtures {
        let file = Fixtures.folder.deletingLastPathComponent().appending(path: name)
        do { return try JSONDecoder().decode(ViewFixtures.self, from: Data(contentsOf: file)) } catch {
            fatalError("\(file.path): \(error)")
        }
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

import Foundation
import Images
import Testing

/// What Pillow and torchvision make of made-up images: `Tests/Fixtures/images_views.py` writes it.
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
    /// Left, top, width and height, and whether it is flipped.
    struct Box: Decodable, Equatable {
        let edges: [Int]
        let isFlipped: Bool

        init(_ box: ViewBox) {
            (edges, isFlipped) = ([box.left, box.top, box.width, box.height], box.isFlipped)
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
    /// The size of an image, and the box that is drawn in it.
    struct Drawn: Decodable {
        let width, height: Int
        let box: Box

        init(from decoder: any Decoder) throws {
            var values = try decoder.unkeyedContainer()
            (width, height) = (try values.decode(Int.self), try values.decode(Int.self))
            box = try values.decode(Box.self)
        }
    }

    let boxes: [Drawn]
    let cases: [Case]
    /// Widths and heights, and both after the shorter side has become 224.
    let sizes: [[Int]]

    static let adaptive = read("images_views.json")
    /// Of a Pillow before version 13.
    static let fixed = read("images_views_fixed.json")
    /// Every example, with the order of passes that it was made with.
    static let all = adaptive.cases.map { (PassOrder.adaptive, $0) } + fixed.cases.map { (PassOrder.fixed, $0) }

    private static func read(_ name: String) -> ViewFixtures {
        let file = Fixtures.folder.deletingLastPathComponent().appending(path: name)
        do { return try JSONDecoder().decode(ViewFixtures.self, from: Data(contentsOf: file)) } catch {
            fatalError("\(file.path): \(error)")
        }
    }

    /// The same line of arithmetic as the script's.
    static func madeUp(_ width: Int, _ height: Int) -> ImagePixels {
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

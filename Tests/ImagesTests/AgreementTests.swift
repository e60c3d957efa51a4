import Foundation
import Images
import Testing

/// The results of Pillow and torchvision for one file, as `scripts/expect_images.py` records them.
private struct Expected: Decodable {
    struct View: Decodable {
        let view: Int
        let augmentation: Preprocessing.Augmentation
        let mode: Preprocessing.ResizeMode
        let tensor: String
        let box: ViewBox?
    }
    let path, item: String
    let seed: UInt64
    let passes: PassOrder
    let width, height: Int
    let pixels: String
    let views: [View]
}

private let expectedPath = ProcessInfo.processInfo.environment["FEWSHOT_EXPECTED_IMAGES"]

@Test(.enabled(if: expectedPath != nil)) func allImagesOfAFolderEqualPillowAndTorchvision() throws {
    let files = try JSONDecoder().decode(
        [Expected].self, from: Data(contentsOf: URL(filePath: try #require(expectedPath))))
    try #require(!files.isEmpty)
    for file in files {
        let image = try ImagePixels(path: file.path)
        #expect(image.width == file.width && image.height == file.height, "\(file.path)")
        #expect(unsafe shortDigest(image.values.span.bytes) == file.pixels, "pixels of \(file.path)")
        for view in file.views {
            var preprocessor = try Preprocessor(
                Preprocessing(resizeMode: view.mode, passes: file.passes, augmentation: view.augmentation))
            let key = ViewKey(seed: file.seed, item: file.item, view: view.view)
            let box = preprocessor.box(key, width: image.width, height: image.height)
            #expect(box == view.box, "box \(view.view) of \(file.path)")
            let values = try tensor(key, image, &preprocessor)
            #expect(
                unsafe shortDigest(values.span.bytes) == view.tensor, "view \(view.view) \(view.mode) of \(file.path)")
        }
    }
}

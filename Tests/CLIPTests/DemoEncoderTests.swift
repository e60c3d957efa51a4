import CLIP
import Core
import Drawing
import Foundation
import Images
import Kernels
import TestSupport
import Testing

/// open_clip's features of drawn pictures and prompts, from Tests/Fixtures/make_demo_features.py.
private struct DemoFeatures: Decodable {
    struct DrawnPicture: Decodable {
        let task: String
        let style: String
        let label: Int
        let number: Int
        /// The SHA-256 of its bytes [48, 48, 3].
        let pixels: String
        let features: [Float]
    }
    struct Prompt: Decodable {
        let text: String
        let tokens: [Int32]
        let features: [Float]
    }

    let seed: UInt64
    let pictures: [DrawnPicture]
    let prompts: [Prompt]

    static func read() throws -> DemoFeatures {
        try JSONDecoder().decode(Self.self, from: Data(contentsOf: URL(filePath: fixture("drawing/features.json"))))
    }
}

/// The folder that users name after `--model`.
private let encoder = fixture("../../Demo/tiny-clip")

private func matrix(_ rows: [[Float]]) -> Matrix {
    Matrix(rows.flatMap { $0 }, rows: rows.count, columns: rows.first?.count ?? 0)
}

@Test func theDemosEncoderSeesDrawnPicturesAsOpenCLIPDoes() throws {
    let golden = try DemoFeatures.read()
    #expect(Set(golden.pictures.map(\.style)).count == 4)
    let images = try ImageEncoder(CLIPModel(path: encoder), precision: .float32)
    var preprocessor = try Preprocessor(Preprocessing(size: images.inputSize))
    let scratch = try ScratchFolder()
    let size = preprocessor.preprocessing.count
    var inputs = [Float](repeating: 0, count: golden.pictures.count * size)
    for (row, expected) in golden.pictures.enumerated() {
        let task = try #require(DrawnTask(rawValue: expected.task))
        let style = try #require(Style(rawValue: expected.style))
        let scene = task.scene(label: expected.label, number: expected.number, seed: golden.seed, style: style)
        let path = try scratch.write(Picture(scene).png, "\(row).png")
        let image = try ImagePixels(path: path)
        #expect(Digest(of: unsafe image.values.span.bytes).description == expected.pixels)
        var span = inputs.mutableSpan
        try preprocessor.write(
            ViewKey(seed: 0, item: "\(row)", view: 0), of: image, path: path, into: &span, at: row * size)
    }
    let found = images.encode(inputs.span, count: golden.pictures.count)
    let apart = distance(found, matrix(golden.pictures.map(\.features)))
    #expect(apart.cosine >= 0.999_999 && apart.error <= 1e-5, "\(apart)")
}

@Test func theDemosEncoderReadsPromptsAsOpenCLIPDoes() throws {
    let golden = try DemoFeatures.read()
    let model = try CLIPModel(path: encoder)
    let texts = try TextEncoder(model, precision: .float32)
    let tokenizer = try model.tokenizer()
    #expect(tokenizer.vocabularySize == texts.vocabularySize)
    let tokens = try golden.prompts.map {
        try tokenizer.encode($0.text, context: texts.contextLength, truncates: false)
    }
    #expect(tokens == golden.prompts.map(\.tokens))
    let apart = distance(try texts.encode(tokens: tokens), matrix(golden.prompts.map(\.features)))
    #expect(apart.cosine >= 0.999_999 && apart.error <= 1e-5, "\(apart)")
}

@Test func theDemosEncoderIsOfTheSizeThatPicturesHave() throws {
    let architecture = try CLIPModel(path: encoder).architecture
    #expect(architecture.imageSize == Picture.side)
    #expect(architecture.embeddingWidth == 64)
}

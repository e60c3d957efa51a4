//! Classifies images without any training: features of images and prompts from a CLIP, and their similarities.
//!
//! Run it with `swift run -c release EncodeImages MODEL IMAGE …`.

import CLIP
import Core
import Images
import Kernels

let arguments = Array(CommandLine.arguments.dropFirst())
let path = arguments.first ?? "Demo/tiny-clip"
let images = Array(arguments.dropFirst())

// snippet.text
let model = try CLIPModel(path: path)
let tokenizer = try model.tokenizer()
let textEncoder = try TextEncoder(model)
let classes = ["a photo of a red star.", "a photo of a blue arrow."]
var tokens: [[Int32]] = []
for text in classes {
    tokens.append(try tokenizer.encode(text, context: textEncoder.contextLength, truncates: false))
}
let texts = normalizeRows(try textEncoder.encode(tokens: tokens)).unit
// snippet.end

// snippet.images
let features = try ImageFileEncoder(model: path).features(of: images)
var logits = product(normalizeRows(features).unit, texts, transposingB: true, scale: try model.logitScale())
softmaxRows(&logits)
for (index, image) in images.enumerated() {
    print(image, zip(classes, logits.row(index)).map { "\($0): \($1)" })
}
// snippet.end

// snippet.pixels
for image in images {
    let pixels = try ImagePixels(path: image)
    print("\(image): \(pixels.width) × \(pixels.height)")
}
// snippet.end

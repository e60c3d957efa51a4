import CLIP
import Core
import Foundation
import TestSupport
import Testing

private let text = "a red circle, it's 3 <end_of_text> \u{e9}\u{1F600}"

private func content(_ name: String) throws -> [UInt8] { try bytes(of: fixture("tokenizer/\(name)")) }

/// Text in gzip without compression and with a sound checksum.
private func gzip(_ text: [UInt8]) -> [UInt8] {
    var file: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 0xFF]
    for start in stride(from: 0, to: max(1, text.count), by: 0xFFFF) {
        let block = text[start ..< min(text.count, start + 0xFFFF)]
        let length = UInt16(block.count)
        file.append(start + 0xFFFF >= text.count ? 1 : 0)
        for number in [length, ~length] { file += [UInt8(truncatingIfNeeded: number), UInt8(number >> 8)] }
        file += block
    }
    for number in [crc32(text), UInt32(text.count)] {
        file += (0 ..< 4).map { UInt8(truncatingIfNeeded: number >> UInt32(8 * $0)) }
    }
    return file
}

@Test(.timeLimit(.minutes(5)), arguments: ["merges.txt", "vocab.json", "tokenizer.json", "text.gz", "packed.gz"])
func noMutationOfAVocabularyCrashes(_ name: String) throws {
    let scratch = try ScratchFolder()
    let merges = try content("tiny.merges.txt")
    let original: [UInt8]
    switch name {
    case "tokenizer.json": original = Array(try tokenizerDocument())
    case "vocab.json": original = try content("tiny.vocab.json")
    case "packed.gz": original = try content("tiny.merges.txt.gz")
    default: original = merges
    }
    // Two files of a folder have to agree; the others are read by themselves.
    if name == "vocab.json" { try scratch.write(merges, "merges.txt") }
    let path = name == "vocab.json" ? scratch.path : scratch.file(name)
    try expectRefusals(of: original, naming: path, count: 600, dense: 400) { bytes, _ in
        try scratch.write(name == "text.gz" ? gzip(bytes) : bytes, name)
        return fault { () throws(Fault) in
            let tokens = try BPETokenizer(path: path).encode(text, context: 99)
            #expect(tokens.count == 99)
        }
    }
}

import CLIP
import Core
import Foundation
import TestSupport
import Testing

private func content(_ name: String) throws -> [UInt8] { try bytes(of: fixture("tokenizer/\(name)")) }
private func merges() throws -> String { String(decoding: try content("tiny.merges.txt"), as: UTF8.self) }

/// The small vocabulary as Hugging Face writes a tokenizer, its pairs as `"a b"` or as `["a", "b"]`.
func tokenizerDocument(pairsAsLists: Bool = false, change: (inout [String: Any]) -> Void = { _ in }) throws
    -> Data
{
    let pairs = try merges().split(separator: "\n").dropFirst().map(String.init)
    var model: [String: Any] = [
        "type": "BPE", "end_of_word_suffix": "</w>",
        "vocab": try JSONSerialization.jsonObject(with: Data(content("tiny.vocab.json"))),
        "merges": pairsAsLists ? pairs.map { $0.components(separatedBy: " ") as Any } : pairs,
    ]
    change(&model)
    let added = [["id": 714, "content": "<|startoftext|>"], ["id": 715, "content": "<|endoftext|>"]]
    // In one order, or the same mutations would strike other places in each process.
    return try JSONSerialization.data(
        withJSONObject: ["version": "1.0", "added_tokens": added, "model": model], options: .sortedKeys)
}

private func refusal(_ path: String, embeddingCount: Int? = nil) -> Fault? {
    fault { () throws(Fault) in _ = try BPETokenizer(path: path, embeddingCount: embeddingCount) }
}

@Test func everyFormOfOneVocabularyIsTheSame() throws {
    let expected = try BPETokenizer(path: fixture("tokenizer/tiny.merges.txt"))
    #expect(expected.vocabularySize == 716)
    #expect((expected.startToken, expected.endToken) == (714, 715))
    let merges = try content("tiny.merges.txt")
    let vocabulary = try content("tiny.vocab.json")
    let document = Array(try tokenizerDocument())
    let compressed = try content("tiny.merges.txt.gz")
    let forms = [
        ["merges.txt": merges], ["merges.txt": merges, "vocab.json": vocabulary], ["tokenizer.json": document],
        ["tokenizer.json": Array(try tokenizerDocument(pairsAsLists: true))],
        ["bpe_simple_vocab_16e6.txt.gz": compressed],
        [
            "merges.txt": merges, "vocab.json": vocabulary, "tokenizer.json": document,
            "bpe_simple_vocab_16e6.txt.gz": compressed,
        ],
    ]
    for files in forms {
        let scratch = try ScratchFolder()
        for (name, bytes) in files { try scratch.write(bytes, name) }
        let tokenizer = try BPETokenizer(path: scratch.path)
        #expect(tokenizer.digest == expected.digest, "\(files.keys)")
        #expect(tokenizer.vocabularySize == 716)
        #expect(try tokenizer.encode("a red circle, it’s") == expected.encode("a red circle, it’s"))
    }
}

@Test func filesOfOneFolderThatDisagreeAreNamedBoth() throws {
    let scratch = try ScratchFolder()
    try scratch.write(merges() + "\nre d</w>", "merges.txt")
    try scratch.write(tokenizerDocument(), "tokenizer.json")
    let error = try #require(refusal(scratch.path))
    #expect(error.description.contains("merges.txt and tokenizer.json that disagree"))
}

@Test func anEmptyLastLineCountsUnlessTheModelSaysOtherwise() throws {
    let scratch = try ScratchFolder()
    let path = try scratch.write(merges() + "\n", "merges.txt")
    #expect(try BPETokenizer(path: path).vocabularySize == 717)
    #expect(try BPETokenizer(path: path, embeddingCount: 717).vocabularySize == 717)
    let without = try BPETokenizer(path: path, embeddingCount: 716)
    #expect(without.digest == (try BPETokenizer(path: fixture("tokenizer/tiny.merges.txt"))).digest)
    #expect(refusal(path, embeddingCount: 600)?.description.contains("at most the 600") == true)
}

@Test func linesEndAsTheyDoElsewhere() throws {
    let scratch = try ScratchFolder()
    let path = try scratch.write(merges().replacing("\n", with: "\r\n"), "merges.txt")
    #expect(try BPETokenizer(path: path).digest == BPETokenizer(path: fixture("tokenizer/tiny.merges.txt")).digest)
}

@Test func whatIsNoVocabularyIsRefusedInOneSentence() throws {
    let scratch = try ScratchFolder()
    let numbers = String(decoding: try content("tiny.vocab.json"), as: UTF8.self)
    let texts: [(String, String)] = [
        ("", "an empty file"),
        ("a b\nb c", "as the first line"),
        ("#version: 0.2", "no pairs"),
        ("#version: 0.2\n", "no pairs"),
        ("#version: 0.2\na b\nabc", "'abc' as pair 2"),
        ("#version: 0.2\na b c", "'a b c' as pair 1"),
        ("#version: 0.2\na b\n\nc d", "'' as pair 2"),
        ("#version: 0.2\na \u{4E00}", "as pair 1"),
        ("#version: 0.2\n" + String(repeating: "a", count: 5000), "5000 bytes in line 2"),
        ("{}", "no 'model'"), ("{", "broken JSON"), ("{\"model\": 3}", "not an object"),
        (String(repeating: "[", count: 100_000), "100000 bytes in line 1"),
        ("{\"model\":" + String(repeating: "[", count: 100_000), "JSON"),
    ]
    for (text, found) in texts {
        let error = try #require(refusal(scratch.write(text, "file")))
        #expect(error.description.contains(found), "\(error)")
    }
    let documents: [((inout [String: Any]) -> Void, String)] = [
        ({ $0["type"] = "Unigram" }, "a Unigram model"),
        ({ $0["end_of_word_suffix"] = nil }, "with ''"),
        ({ $0["merges"] = [["a", "b", "c"]] }, "as pair 1"),
        ({ $0["merges"] = ["q q q"] }, "as pair 1"),
        ({ $0["merges"] = ["! \""] }, "no '!\"'"),
        ({ $0["vocab"] = ["a": 0] }, "as the id of"),
        ({ $0["vocab"] = ["a": 1e300] }, "JSON"),
    ]
    for (change, found) in documents {
        let error = try #require(refusal(scratch.write(tokenizerDocument(change: change), "tokenizer.json")))
        #expect(error.description.contains(found), "\(error)")
    }
    try scratch.write(merges(), "pair/merges.txt")
    for (vocabulary, found) in [
        (numbers.replacing("\"!\":0", with: "\"!\":1"), "as the id of"),
        (numbers.replacing("\"!\":0", with: "\"!\":-1"), "-1 as the id of"),
        (numbers.replacing("\"!\":0", with: "\"!\":9223372036854775807"), "as the id of"),
        (numbers.replacing("endoftext", with: "fin"), "no end token"),
        (numbers.replacing("\"!\":0", with: "\"!!!\":0"), "no '!'"),
        ("[1]", "not an object"),
    ] {
        try scratch.write(vocabulary, "pair/vocab.json")
        let error = try #require(refusal(scratch.file("pair")))
        #expect(error.description.contains(found), "\(error)")
    }
    try scratch.write(numbers, "alone/vocab.json")
    #expect(refusal(scratch.file("alone"))?.description.contains("vocab.json without merges.txt") == true)
    #expect(refusal(scratch.file("nowhere"))?.status == .noInput)
}

@Test func damagedGzipIsRefused() throws {
    let scratch = try ScratchFolder()
    let sound = try content("tiny.merges.txt.gz")
    for length in 2 ..< sound.count {
        #expect(refusal(try scratch.write(sound.prefix(length), "cut.gz"))?.status == .badData, "\(length) bytes")
    }
    // The checksum covers the text and the header says nothing else that matters.
    for place in 10 ..< sound.count {
        var damaged = sound
        damaged[place] ^= 0x10
        #expect(refusal(try scratch.write(damaged, "damaged.gz"))?.status == .badData, "byte \(place)")
    }
}

@Test func gzipThatHoldsFarMoreThanAVocabularyIsRefused() throws {
    #expect(refusal(fixture("tokenizer/bomb.gz"))?.description.contains("far more text") == true)
}

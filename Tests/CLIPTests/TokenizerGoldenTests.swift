import CLIP
import Foundation
import TestSupport
import Testing

/// open_clip's tokens of some texts, from Tests/Fixtures/tokenizer/make_goldens.py.
private struct Goldens: Decodable {
    struct Case: Decodable {
        let text: String
        let tokens: [Int32]
    }
    let vocabulary: String
    let size: Int
    let cases: [Case]

    init(_ path: String) throws {
        self = try JSONDecoder().decode(Goldens.self, from: Data(contentsOf: URL(filePath: path)))
    }

    /// The cases whose tokens differ, one line each.
    func differences(from tokenizer: BPETokenizer) throws -> [String] {
        try cases.compactMap { golden in
            let context = max(golden.tokens.count, 77)
            let found = try tokenizer.encode(golden.text, context: context)
            let expected = golden.tokens + Array(repeating: 0, count: context - golden.tokens.count)
            if found == expected { return nil }
            let head = { (tokens: [Int32]) in
                tokens.prefix(golden.tokens.count + 4).map(String.init).joined(separator: " ")
            }
            return "\(golden.text.debugDescription): \(head(found)), expected \(head(expected))"
        }
    }
}

@Test func tokensAreThoseOfOpenCLIP() throws {
    let goldens = try Goldens(fixture("tokenizer/goldens.json"))
    let tokenizer = try BPETokenizer(path: fixture("tokenizer/tiny.merges.txt"))
    #expect(goldens.cases.count > 1000)
    #expect(tokenizer.vocabularySize == goldens.size)
    let differences = try goldens.differences(from: tokenizer)
    #expect(differences.isEmpty, "\(differences.count): \(differences.prefix(20).joined(separator: "\n"))")
    // Again, with every word in the cache.
    #expect(try goldens.differences(from: tokenizer).count == differences.count)
}

/// The path of open_clip's tokens of many texts, made by scripts/check-tokenizer.
private let fullGoldens = ProcessInfo.processInfo.environment["FEWSHOT_TOKENIZER_GOLDENS"]

@Test(.enabled(if: fullGoldens != nil))
func tokensOfManyTextsAreThoseOfOpenCLIP() throws {
    let goldens = try Goldens(#require(fullGoldens))
    let tokenizer = try BPETokenizer(path: goldens.vocabulary)
    #expect(tokenizer.vocabularySize == goldens.size)
    let differences = try goldens.differences(from: tokenizer)
    #expect(differences.isEmpty, "\(differences.prefix(40).joined(separator: "\n"))")
    print("check-tokenizer: \(goldens.cases.count) texts, \(differences.count) differences")
}

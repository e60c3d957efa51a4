import CLIP
import Core
import Foundation
import TestSupport
import Testing

private func tiny() throws -> BPETokenizer { try BPETokenizer(path: fixture("tokenizer/tiny.merges.txt")) }

@Test func aTextStandsBetweenStartAndEndWithZerosAfter() throws {
    let tokenizer = try tiny()
    let tokens = try tokenizer.encode("a red circle", context: 8)
    #expect(tokens.first == tokenizer.startToken)
    #expect(tokens.firstIndex(of: tokenizer.endToken) == tokens.firstIndex(of: 0).map { $0 - 1 })
    #expect(tokens.count == 8)
    #expect(try tokenizer.encode("", context: 4) == [tokenizer.startToken, tokenizer.endToken, 0, 0])
    #expect(try tokenizer.encode("").count == 77)
    #expect(Int(tokenizer.endToken) == tokenizer.vocabularySize - 1)
}

@Test func aLongTextIsAnErrorThatNamesItAndItsLength() throws {
    let tokenizer = try tiny()
    let text = "a red circle and \(String(repeating: "blue ", count: 90))"
    let error = try #require(fault { () throws(Fault) in _ = try tokenizer.encode(text) })
    #expect(error.status == .badData)
    #expect(error.description.contains("'a red circle and blue"))
    #expect(error.description.contains("found \(try tokenizer.encode(text, context: 500).count { $0 != 0 }) tokens"))
    #expect(error.description.contains("at most 77"))
}

@Test func truncationKeepsTheEndTokenLast() throws {
    let tokenizer = try tiny()
    let text = String(repeating: "red circle ", count: 50)
    let whole = try tokenizer.encode(text, context: 500)
    let cut = try tokenizer.encode(text, context: 10, truncates: true)
    #expect(cut == Array(whole.prefix(9)) + [tokenizer.endToken])
    // What fits is left alone.
    #expect(
        try tokenizer.encode("red", context: 3, truncates: true)
            == tokenizer.encode("red", context: 3, truncates: false))
}

@Test func aContextWithoutRoomForStartAndEndIsRefused() throws {
    let tokenizer = try tiny()
    for context in [-1, 0, 1, Int.min] {
        #expect(fault { () throws(Fault) in _ = try tokenizer.encode("a", context: context) }?.status == .configuration)
    }
    #expect(try tokenizer.encode("a", context: 2, truncates: true) == [tokenizer.startToken, tokenizer.endToken])
}

@Test func aTextOfManyThousandBytesIsEncodedOrRefusedAtOnce() throws {
    let tokenizer = try tiny()
    let word = String(repeating: "abcdefghij", count: 6553)
    #expect(try tokenizer.encode(word, truncates: true).last == tokenizer.endToken)
    let error = fault { () throws(Fault) in _ = try tokenizer.encode(word + word, truncates: true) }
    #expect(error?.description.contains("131060 bytes") == true)
}

@Test func everyThreadGetsTheSameTokens() async throws {
    let tokenizer = try tiny()
    let texts = (0 ..< 400).map { "a photo of a number\($0 % 37) red\($0) circle, it's ünder \($0)" }
    let expected = try texts.map { try tiny().encode($0) }
    let found = try await withThrowingTaskGroup(of: (Int, [Int32]).self) { group in
        for (index, text) in texts.enumerated() { group.addTask { (index, try tokenizer.encode(text)) } }
        return try await group.reduce(into: [Int: [Int32]]()) { $0[$1.0] = $1.1 }
    }
    #expect(texts.indices.allSatisfy { found[$0] == expected[$0] })
}

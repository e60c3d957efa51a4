import Core
import Foundation
import Testing

@Test(arguments: [
    ("auto", PrecisionRequest.auto), ("f32", .float32), ("float32", .float32), ("bf16", .bfloat16),
    ("bfloat16", .bfloat16),
])
func bothSpellingsOfAPrecisionAreRead(word: String, request: PrecisionRequest) throws {
    #expect(PrecisionRequest(word: word) == request)
    #expect(try JSONDecoder().decode([PrecisionRequest].self, from: Data("[\"\(word)\"]".utf8)) == [request])
}

@Test func aPrecisionIsWrittenInOneSpellingPerPlace() throws {
    #expect(PrecisionRequest.allCases.map(\.word) == ["auto", "f32", "bf16"])
    #expect(Precision.allCases.map(\.word) == ["f32", "bf16"] && PrecisionRequest(.bfloat16) == .bfloat16)
    // The settings of methods keep the long words.
    #expect(try String(decoding: JSONEncoder().encode([PrecisionRequest.float32]), as: UTF8.self) == "[\"float32\"]")
    #expect(PrecisionRequest(word: "f16") == nil)
}

import Core
import Foundation
import Testing

@Test(arguments: [
    ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    (
        "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
    ),
    (String(repeating: "a", count: 1_000_000), "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"),
])
func digestsAreThoseOfTheStandard(text: String, expected: String) {
    #expect(Digest(of: text).description == expected)
    var hasher = Digest.Hasher()
    let bytes = Array(text.utf8)
    for start in stride(from: 0, to: bytes.count, by: 777) {
        let piece = Array(bytes[start ..< min(bytes.count, start + 777)])
        unsafe hasher.update(piece.span.bytes)
    }
    #expect(hasher.finish().description == expected)
}

@Test func onlyAWholeLowercaseDigestIsTaken() throws {
    let text = Digest(of: "x").description
    #expect(Digest(rawValue: text)?.description == text)
    for wrong in ["", String(text.dropLast()), text + "0", text.uppercased(), "g" + text.dropFirst()] {
        #expect(Digest(rawValue: wrong) == nil)
        #expect(throws: DecodingError.self) {
            try JSONDecoder().decode([Digest].self, from: Data("[\"\(wrong)\"]".utf8))
        }
    }
}

@Test func theChecksumIsTheOneThatOthersCompute() {
    // Of the XXH3 reference for no bytes at all.
    let none: [UInt8] = []
    #expect(unsafe checksum(none.span.bytes) == 0x2d06_8005_38d3_94c2)
}

import Core
import Foundation
import TestSupport
import Testing

private let text = "ünïcode 😀,path\nß\n"

/// The bytes that CPython's codecs make of `text`, given here by Foundation's encoders.
private func encoded(_ encoding: String.Encoding, mark: [UInt8]) throws -> [UInt8] {
    mark + Array(try #require(text.data(using: encoding)))
}

@Test func everyEncodingWithAByteOrderMarkIsRead() throws {
    let scratch = try ScratchFolder()
    let forms: [(String.Encoding, [UInt8])] = [
        (.utf8, []), (.utf8, [0xEF, 0xBB, 0xBF]), (.utf16LittleEndian, [0xFF, 0xFE]), (.utf16BigEndian, [0xFE, 0xFF]),
        (.utf32LittleEndian, [0xFF, 0xFE, 0, 0]), (.utf32BigEndian, [0, 0, 0xFE, 0xFF]),
        (.utf16LittleEndian, []), (.utf16BigEndian, []),
    ]
    for (encoding, mark) in forms {
        let path = try scratch.write(encoded(encoding, mark: mark), "a.txt")
        #expect(try TextFile(path: path).string() == text, "\(encoding) \(mark)")
    }
}

@Test func paddingAtTheEndIsLeftOut() throws {
    let scratch = try ScratchFolder()
    let path = try scratch.write(Array("cat\n".utf8) + [0x1A, 0, 0], "a.txt")
    #expect(try TextFile(path: path).string() == "cat\n")
    let empty = try scratch.write([0, 0, 0], "b.txt")
    #expect(try TextFile(path: empty).string() == "")
}

@Test func otherEncodingsAreRefusedWithTheLineAndTheWordInWindows1252() throws {
    let scratch = try ScratchFolder()
    let latin = try scratch.write(Array("path,label\na.jpg,caf".utf8) + [0xE9, 0x0A], "latin.csv")
    let fault = fault { _ = try TextFile(path: latin).string() }
    #expect(fault?.status == .badData)
    #expect(fault?.found == "invalid UTF-8 on line 2, which is 'café' in Windows-1252")
    #expect(fault?.remedy.contains("iconv -f windows-1252") == true)
    // 0x81 is no character there.
    let unknown = try scratch.write([0x81, 0x0A], "unknown.txt")
    #expect(TestSupport.fault { _ = try TextFile(path: unknown).string() }?.found == "invalid UTF-8 on line 1")
}

@Test(
    arguments: [[0xFF, 0xFE, 0x41], [0xFF, 0xFE, 0x00, 0xD8, 0x41, 0x00], [0xFF, 0xFE, 0, 0, 0, 0, 0x11, 0]]
        as [[UInt8]])
func brokenUTF16IsRefused(bytes: [UInt8]) throws {
    let scratch = try ScratchFolder()
    let path = try scratch.write(bytes, "a.txt")
    let fault = fault { _ = try TextFile(path: path).string() }
    #expect(fault?.status == .badData && fault?.found.hasPrefix("invalid UTF-") == true, "\(String(describing: fault))")
}

@Test func invisibleCharactersAroundANameAreTrimmed() {
    for blank in ["\u{A0}", "\u{200B}", "\u{FEFF}", "\u{3000}", "\u{202A}", "\u{2060}", " \t\r\n"] {
        #expect("\(blank)a b\(blank)".trimmed == "a b", "\(blank.unicodeScalars)")
        #expect(blank.trimmed == "")
    }
    // Joiners shape letters, and a flag ends with a tag character.
    for name in [
        "\u{0D15}\u{0D4D}\u{200D}", "👩‍🚀", "🏴\u{E0067}\u{E0062}\u{E0065}\u{E006E}\u{E0067}\u{E007F}", "naïve café",
    ] {
        #expect(name.trimmed == name)
    }
}

@Test func fieldsOfALineAreThoseOfCPython() {
    // From list(csv.reader([line]))[0].
    let lines: [(String, [String])] = [
        (#"a,b"#, ["a", "b"]), (#""a,b",c"#, ["a,b", "c"]), (#""say ""hi""",x"#, [#"say "hi""#, "x"]),
        (#","#, ["", ""]), (#""","#, ["", ""]), (#"5" nails,x"#, [#"5" nails"#, "x"]), ("", [""]),
    ]
    for (line, fields) in lines { #expect(DelimitedLine.fields(line, separator: ",") == fields, "\(line)") }
}

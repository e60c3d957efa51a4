import Core
import Foundation
import Splits
import TestSupport
import Testing

private func prompts(_ path: String, _ classes: [String] = ["dog", "cat"]) throws(Fault) -> ClassPrompts {
    try PromptChoice(path, dataset: "mine").prompts(for: classes)
}

@Test func aTextFileHasOneTemplatePerLine() throws {
    let scratch = try ScratchFolder()
    let path = try scratch.write("\u{FEFF}a {}.\r\n\r\n  two {} spaces\n\n", "own.txt")
    #expect(try prompts(path).texts[0] == ["a dog.", "  two dog spaces"])
}

@Test(arguments: [
    ("own.txt", "a photo\n", "no '{}' at line 1: 'a photo'"),
    ("own.txt", "a {}\nb {0}\n", "no '{}' at line 2"),
    ("own.txt", "\n \n", "no template"),
    ("own.txt", "a {}\n{\u{0}}\n", "a zero byte in a text at line 2"),
    ("own.json", "[]", "an empty list"),
    ("own.json", "{}", "an empty object"),
    ("own.json", #"["a {}", "b"]"#, "no '{}' at item 1: 'b'"),
    ("own.json", #"["a {}", 3]"#, "the number 3"),
    ("own.json", #"["a {}", ["b {}"]]"#, "a list"),
    ("own.json", #"["a {}", null]"#, "null"),
    ("own.json", "\"a {}\"", "the text 'a {}'"),
    ("own.json", "3", "the number 3"),
    ("own.json", #"{"dog": "A dog."}"#, "the text 'A dog.'"),
    ("own.json", #"{"dog": {"a": "b"}}"#, "an object"),
    ("own.json", #"{"dog": []}"#, "no sentence for 'dog'"),
    ("own.json", #"{"dog": ["A."], "cat": ["B.", 1.5]}"#, "the number 1.5"),
    ("own.json", #"{"dog": ["A."], "cat": ["B.", ["C."]]}"#, "a list"),
    ("own.json", #"{"dog": ["A."], "cat": ["B.", " "]}"#, "an empty text at sentence 1 of 'cat'"),
    ("own.json", #"{"dog": ["A.\u0000"]}"#, "a zero byte in a text at sentence 0 of 'dog'"),
    ("own.json", #"{"dog": ["A {}."]}"#, "'{}' in sentence 0 of 'dog'"),
    ("own.json", #"{"dog": ["A."], "dog": ["B."]}"#, "the class 'dog' twice"),
    ("own.json", #"{"dog": ["A."]"#, "truncated JSON, at byte 14"),
    ("own.json", #"{"dog" ["A."]}"#, "invalid JSON at byte"),
    ("own.json", #"{"dog": ["A."]} {}"#, "invalid JSON at byte"),
    ("own.json", #"{"dog": ["\ud800"]}"#, "invalid JSON at byte"),
])
func aPromptFileThatCannotBeUsedIsRefused(_ name: String, _ text: String, _ words: String) throws {
    let scratch = try ScratchFolder()
    let path = try scratch.write(text, name)
    let found = fault { () throws(Fault) in _ = try prompts(path) }
    #expect(found?.status == .badData)
    #expect(found?.subject == path)
    #expect(found?.found.hasPrefix(words) == true, "\(found?.description ?? "nothing thrown")")
}

@Test func nestingIsRefusedWhereItStarts() throws {
    let scratch = try ScratchFolder()
    for opening in ["[", #"{"a":"#] {
        let path = try scratch.write(String(repeating: opening, count: 200_000), "deep.json")
        #expect(fault { () throws(Fault) in _ = try prompts(path) }?.status == .badData)
    }
}

@Test func aPromptThatIsTooLongIsRefused() throws {
    let scratch = try ScratchFolder()
    let long = String(repeating: "x", count: 4096)
    let path = try scratch.write(#"{"dog": ["\#(long)"], "cat": ["\#(long)y"]}"#, "own.json")
    let found = fault { () throws(Fault) in _ = try prompts(path) }
    #expect(found?.found == "a text of 4097 bytes at sentence 0 of 'cat'")
    let key = try scratch.write(#"{"\#(long)y": ["A."]}"#, "key.json")
    #expect(fault { () throws(Fault) in _ = try prompts(key) }?.found == "a class name of 4097 bytes")
}

@Test func invalidUTF8IsRefused() throws {
    let scratch = try ScratchFolder()
    for name in ["own.txt", "own.json"] {
        let path = try scratch.write(Array(#"["a {}"#.utf8) + [0xC3, 0x28, 0x22, 0x5D], name)
        #expect(fault { () throws(Fault) in _ = try prompts(path) }?.found.contains("invalid UTF-8") == true)
    }
}

@Test func keysAreMatchedExactlyFirst() throws {
    let scratch = try ScratchFolder()
    let path = try scratch.write(#"{"Polo_Shirt": ["1"], "polo shirt": ["2"], "CRANE": ["3"]}"#, "own.json")
    #expect(try prompts(path, ["polo shirt", "crane"]).texts == [["2"], ["3"]])
    #expect(try prompts(path, ["Polo_Shirt", "polo shirt"]).texts == [["1"], ["2"]])
    // Two classes of one name share the key, as ImageNet's two cranes do.
    #expect(try prompts(path, ["crane", "crane"]).texts == [["3"], ["3"]])
    let keys = fault { () throws(Fault) in _ = try prompts(path, ["Polo Shirt"]) }
    #expect(keys?.found == "the keys 'Polo_Shirt', 'polo shirt' for the class 'Polo Shirt'")
    let classes = fault { () throws(Fault) in _ = try prompts(path, ["CRANE", "crane"]) }
    #expect(classes?.found == "only the key 'CRANE' for the classes 'CRANE' and 'crane'")
}

@Test func missingClassesAreCountedWithSimilarNames() throws {
    let scratch = try ScratchFolder()
    let path = try scratch.write(#"{"accordian": ["1"], "dog": ["2"]}"#, "own.json")
    let found = fault { () throws(Fault) in
        _ = try prompts(path, ["dog", "accordion", "zebra", "gnu", "yak", "emu"])
    }
    #expect(found?.status == .badData)
    #expect(
        found?.found
            == "no sentences for 5 of 6 classes: 'accordion' (similar: 'accordian'), 'zebra', 'gnu' and 2 more")
    #expect(found?.remedy == "rename the file's keys to the class names")
}

@Test func theListOfImageNetNamesIsRecognized() throws {
    let scratch = try ScratchFolder()
    let coop = ["cock", "ice bear", "ashcan", "dishrag", "goldfish"]
    let openAI = ["rooster", "polar bear", "trash can", "dishcloth", "goldfish"]
    func remedy(_ keys: [String], _ classes: [String]) throws -> String? {
        let path = try scratch.write(
            "{" + keys.map { "\"\($0)\": [\"A.\"]" }.joined(separator: ",") + "}", "own.json")
        return fault { () throws(Fault) in _ = try prompts(path, classes) }?.remedy.description
    }
    #expect(
        try remedy(openAI, coop)?.hasPrefix(
            "the keys look like OpenAI's list of ImageNet names, the classes like CoOp's classnames.txt") == true)
    #expect(try remedy(coop, openAI)?.hasPrefix("the keys look like CoOp's classnames.txt, the classes") == true)
    #expect(
        try remedy(openAI, openAI + ["x"])?.hasPrefix("the keys look like OpenAI's list of ImageNet names:") == true)
    #expect(try remedy(["rooster", "cock"], ["x"])?.hasPrefix("rename") == true)
}

/// Seeded mutations of a valid file are read or refused.
@Test func noDamageToAPromptFileCrashes() throws {
    let scratch = try ScratchFolder()
    let path = try scratch.write(
        #"{"dog": ["A dog\u00e9.", "Dogs \ud83d\udc36 bark."], "cat": ["A cat."], "emu": ["E."]}"#, "damaged.json")
    var read = 0
    var refused = 0
    try forEachMutation(of: path, seed: 20_261_121, rounds: 1500) { _ in
        if fault({ () throws(Fault) in _ = try prompts(path) }) == nil { read += 1 } else { refused += 1 }
    }
    #expect(read > 20 && refused > 500, "\(read) read, \(refused) refused")
}

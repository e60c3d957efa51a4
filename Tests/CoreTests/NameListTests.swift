import Core
import TestSupport
import Testing

private func list(_ text: String, _ name: String = "classes.txt") throws -> NameList {
    let scratch = try ScratchFolder()
    return try NameList(path: scratch.write(text, name))
}

@Test func aListOfNamesIsReadAsItIs() throws {
    for text in [
        "cat\ndog\nemu\n", "\u{FEFF}cat\r\n\u{A0}dog \r\nemu\r\n\r\n", "cat\rdog\remu",
        "names:\n- cat\n- 'dog'\n- emu # bird\n",
        "names: [cat, \"dog\", 'emu']\nnc: 3\n", "name\ncat\ndog\nemu\n", "[cat, dog, emu]",
    ] {
        let list = try list(text)
        #expect(list.names == ["cat", "dog", "emu"] && list.labels == nil && list.keys == nil, "\(text)")
    }
}

@Test(arguments: [
    "0 cat\n1 dog\n2 emu\n", "0,cat\n1,dog\n2,emu\n", "0: cat\n1: dog\n2: emu\n", "2\temu\n0\tcat\n1\tdog\n",
    "0. cat\n1. dog\n2. emu", "0 - cat\n1 - dog\n2 - emu", "cat 0\ndog 1\nemu 2\n", "cat,0\ndog,1\nemu,2\n",
    "cat: 0\ndog: 1\nemu: 2", "0 \"cat\"\n1 \"dog\"\n2 \"emu\"\n", "00_cat\n01_dog\n02_emu\n",
    "id,name\n0,cat\n1,dog\n2,emu\n", "name;id\ncat;0\ndog;1\nemu;2\n", ",label\n0,cat\n1,dog\n2,emu\n",
    "class_id\tclass_name\tcolor\n0\tcat\tred\n1\tdog\tblue\n2\temu\tred\n",
    "Index,Class Name\n2,emu\n1,dog\n0,\"cat\"\n",
    "path: data\nnames:\n  0: cat\n  1: dog\n  2: emu\nnc: 3\n", "names: {0: cat, 1: 'dog', 2: emu}\n",
    "{0: 'cat',\n 1: 'dog',\n 2: 'emu'}",
])
func labelsBesideNamesAreLabels(text: String) throws {
    let list = try list(text)
    #expect(list.names == ["cat", "dog", "emu"], "\(text)")
    #expect(list.labels == [0, 1, 2], "\(text)")
}

@Test func labelsFromOneAndWithGapsAreKept() throws {
    let one = try list("1 cat\n2 dog\n")
    #expect(one.names == ["cat", "dog"] && one.labels == [1, 2])
    let gaps = try list("1: person\n3: car\n17: cat\n")
    #expect(gaps.names == ["person", "car", "cat"] && gaps.labels == [1, 3, 17])
    let scratch = try ScratchFolder()
    let refused = fault { _ = try NameList.read(scratch.write("1: person\n3: car\n", "coco.txt")) }
    #expect(refused?.found == "the labels 1 to 3 for 2 classes")
}

@Test(arguments: [
    ["3 series", "5 series", "7 series"], ["1 finger", "2 fingers", "3 fingers"], ["stage 1", "stage 2", "stage 3"],
    ["4 door", "2 door"], ["Boeing 737", "Airbus 320"], ["7 eleven"], ["0 a", "1 b", "c"],
    ["tench, Tinca tinca", "goldfish"],
])
func numbersThatBelongToNamesStay(names: [String]) throws {
    let list = try list(names.joined(separator: "\n"))
    #expect(list.names == names && list.labels == nil)
}

@Test func identifiersBesideNamesAreKeys() throws {
    let wordNet = try list("n01440764 tench, Tinca tinca\nn01443537 goldfish\n")
    #expect(wordNet.names == ["tench, Tinca tinca", "goldfish"] && wordNet.keys == ["n01440764", "n01443537"])
    let keras = try list("n02119789 1 kit_fox\nn02100735 2 English_setter\n")
    #expect(keras.names == ["kit_fox", "English_setter"] && keras.labels == [1, 2])
    #expect(keras.keys == ["n02119789", "n02100735"])
    let birds = try list("1 001.Black_footed_Albatross\n2 002.Laysan_Albatross\n")
    #expect(birds.names == ["Black_footed_Albatross", "Laysan_Albatross"] && birds.labels == [1, 2])
    #expect(birds.keys == ["001.Black_footed_Albatross", "002.Laysan_Albatross"])
}

@Test(arguments: [
    #"["cat", "dog"]"#, #"{"0": "cat", "1": "dog"}"#, #"{"1": "dog", "0": "cat"}"#, #"{"cat": 0, "dog": 1}"#,
    #"{"0": ["n02123045", "cat"], "1": ["n02084071", "dog"]}"#, #"[["n02123045", "cat"], ["n02084071", "dog"]]"#,
    #"[{"id": 1, "name": "dog"}, {"id": 0, "name": "cat"}]"#, #"{"names": {"0": "cat", "1": "dog"}}"#,
    #"{"images": [], "categories": [{"id": 0, "name": "cat"}, {"id": 1, "name": "dog"}]}"#,
    #"{"architectures": ["ViT"], "id2label": {"0": "cat", "1": "dog"}, "label2id": {"cat": 0, "dog": 1}}"#,
    "\u{FEFF}[\" cat\",\n \"dog\u{A0}\"]",
])
func jsonOfEitherDirectionIsRead(text: String) throws {
    let list = try list(text, "classes.json")
    #expect(list.names == ["cat", "dog"], "\(text)")
    #expect(list.labels == nil || list.labels == [0, 1])
}

@Test func keysOfJSONThatAreNoLabelsAreIdentifiers() throws {
    let list = try list(#"{"n02": "dog", "n01": "cat"}"#, "names.json")
    #expect(list.names == ["cat", "dog"] && list.keys == ["n01", "n02"] && list.labels == nil)
    let ten = try NameListTests.numbered(12)
    #expect(ten.names == (0 ..< 12).map { "class \($0)" })
}

private enum NameListTests {
    /// Keys are sorted as numbers: 1, 2, 10.
    static func numbered(_ count: Int) throws -> NameList {
        let members = (0 ..< count).map { "\"\($0)\": \"class \($0)\"" }.joined(separator: ", ")
        return try list("{\(members)}", "names.json")
    }
}

@Test(arguments: [
    (#"{"a": 1.5}"#, "an object without names and labels"), (#""cat""#, "a text"),
    ("3", "neither a list nor an object"),
    ("[1, 2]", "a list of something other than class names"), ("[]", "an empty list"), ("{}", "an empty object"),
    (#"{"0": "cat", "b": {"c": []}}"#, "an object without names and labels"),
    (#"["cat", null]"#, "a list of something"),
    (#"{"0": "cat", "00": "dog"}"#, "the label 0 for"), (#"{"cat": 0, "dog": 0}"#, "the label 0 for 'cat' and 'dog'"),
    (#"["cat", ""]"#, "an empty name for class 1"), (#"["cat""#, "broken JSON"),
])
func otherJSONIsRefusedWithoutNamesOfSwift(text: String, found: String) throws {
    let refused = fault { _ = try list(text, "classes.json") }
    #expect(refused?.status == .badData)
    #expect(refused?.found.hasPrefix(found) == true, "\(String(describing: refused))")
    for word in ["Array", "Dictionary", "String", "Any", "<"] {
        #expect(refused?.description.contains(word) == false, "\(String(describing: refused))")
    }
}

@Test func emptyNamesAndYAMLWithoutNamesAreRefused() throws {
    #expect(fault { _ = try list("cat\n\ndog\n") }?.found == "an empty name for class 1")
    #expect(fault { _ = try list("\n") }?.found == "no class name")
    #expect(fault { _ = try list("path: data\nnc: 3\n", "data.yaml") }?.found == "no list of names")
}

// MARK: Copied lists

@Test(arguments: [
    "'cat',\n'red fox',\n'owl',\n", "\"cat\",\n\"red fox\",\n\"owl\"\n", "'cat'\n'red fox'\n'owl'\n",
    "names = [\n    'cat',\n    'red fox',\n    'owl',\n]\n", "classes = ['cat', 'red fox', 'owl']\n",
    "cat, red fox, owl\n",
    "* cat\n* red fox\n* owl\n", "- cat\n- red fox\n- owl\n",
])
func aListCopiedFromAProgramHasPlainNames(text: String) throws {
    let scratch = try ScratchFolder()
    #expect(try NameList.read(scratch.write(text, "names.txt")) == ["cat", "red fox", "owl"], "\(text)")
}

@Test(arguments: ["'s-Hertogenbosch\nowl\n", "cat's\ndog's\n", "#hash\n#tag\n", "5 o'clock\nowl\n"])
func marksThatBelongToNamesAreKept(text: String) throws {
    let scratch = try ScratchFolder()
    let lines = text.split(whereSeparator: \.isNewline).map(String.init)
    #expect(try NameList.read(scratch.write(text, "names.txt")) == lines)
}

@Test func aCommentIsNoClassName() throws {
    let scratch = try ScratchFolder()
    let path = try scratch.write("# my classes\ncat\ndog\n", "names.txt")
    #expect(fault { try NameList.read(path) }?.found == "a comment on line 1: '# my classes'")
}

@Test(arguments: [
    "a photo of a {}.\nart of the {}.\n", "'a photo of a {}.',\n'art of the {}.',\n",
    "templates = [\n    'a photo of a {}.',\n    'art of the {}.',\n]\n",
    "imagenet = (\n    lambda c: f'a photo of a {c}.',\n    lambda c: f'art of the {c}.',\n)\n",
    "- a photo of a {}.\n- art of the {}.\n", "1. a photo of a {}.\n2. art of the {}.\n",
])
func linesCopiedFromAProgramOrAListArePlain(text: String) {
    #expect(CopiedLines(text).lines.map(\.text) == ["a photo of a {}.", "art of the {}."], "\(text)")
}

@Test func copiedLinesKnowTheirNumbers() {
    let lines = CopiedLines("x = [\n\n'it\\'s {}',\n'{}'\n]").lines
    #expect(lines == [.init(number: 3, text: "it's {}"), .init(number: 4, text: "{}")])
    #expect(CopiedLines(" 'one' \ntwo\n").lines.map(\.text) == [" 'one' ", "two"])
}

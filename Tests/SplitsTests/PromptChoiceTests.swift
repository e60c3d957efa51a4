import Catalog
import Core
import Foundation
import Splits
import TestSupport
import Testing

private let photo = TemplateSet(name: "tip", source: "a", templates: ["a photo of a {}."])
private let texture = TemplateSet(name: "tip", source: "b", templates: ["{} texture."])
private let seven = TemplateSet(name: "seven", version: 2, source: "c", templates: ["itap of a {}.", "art of the {}."])

private let owners = [
    TemplateOwner("objects", [photo, seven]), TemplateOwner("textures", [texture]),
    TemplateOwner("shifted", shiftOf: "objects", []), TemplateOwner("both", [seven]),
]

private func prompts(
    _ text: String, _ dataset: String = "objects", _ classes: [String] = ["dog", "sea_lion"]
) throws(Fault) -> ClassPrompts {
    try PromptChoice(text, dataset: dataset, owners: owners).prompts(for: classes)
}

@Test func aTemplateTakesTheNameWithSpaces() throws {
    let made = try prompts("tip")
    #expect(made.texts == [["a photo of a dog."], ["a photo of a sea lion."]])
    #expect(made.kinds == [[.template], [.template]])
    #expect(made.isEven && made.promptCounts == 1 ... 1)
    #expect(try prompts("tip", "textures").texts == [["dog texture."], ["sea lion texture."]])
}

@Test func aTemplateSetOfTheDataSetComesFirst() throws {
    #expect(try prompts("tip", "shifted").texts == prompts("tip").texts)
    #expect(try prompts("seven", "textures").texts[0] == ["itap of a dog.", "art of the dog."])
    #expect(try prompts("seven", "mine").texts[0].count == 2)
    // Data sets outside the catalog have the general template under both names.
    for name in ["tip", "coop"] { #expect(try prompts(name, "mine").texts[0] == ["a photo of a dog."]) }
    let found = fault { () throws(Fault) in _ = try prompts("tip", "both") }
    #expect(found?.status == .configuration)
    #expect(found?.found == "'tip', which differs between 'objects', 'textures'")
}

@Test(arguments: ["tap", "imagenet", "Tip"])
func anUnknownTemplateSetIsRefusedWithTheKnownOnes(_ name: String) {
    let found = fault { () throws(Fault) in _ = try prompts(name) }
    #expect(found?.status == .configuration)
    #expect(found?.found == "'\(name)'")
    #expect(found?.expected == "one of seven, tip, or a file")
}

@Test(arguments: ["", "tip+", "+tip", "tip,,seven", "tip+tip", "tip,seven+tip"])
func aPromptChoiceHasEachSourceOnce(_ text: String) {
    #expect(fault { () throws(Fault) in _ = try prompts(text) }?.subject == "--prompts")
}

@Test func aMissingFileIsReportedAsOne() {
    let found = fault { () throws(Fault) in _ = try prompts("tip+no/such.json") }
    #expect(found?.status == .noInput)
    #expect(found?.subject == "no/such.json")
}

@Test func templatesAndSentencesAreJoinedInOrder() throws {
    let scratch = try ScratchFolder()
    let path = try scratch.write(
        #"{"dog": ["Dogs bark.", "A dog."], "Sea Lion": ["It swims."], "cat": ["x"], "emu": ["y"]}"#, "cupl.json")
    let made = try prompts("seven+\(path)")
    #expect(
        made.texts == [
            ["itap of a dog.", "art of the dog.", "Dogs bark.", "A dog."],
            ["itap of a sea lion.", "art of the sea lion.", "It swims."],
        ])
    #expect(made.kinds[1] == [.template, .template, .sentence])
    #expect(!made.isEven && made.promptCounts == 3 ... 4)
    #expect(made.notes == ["\(path): 2 of 4 keys match no class of the split: 'cat', 'emu'"])
    #expect(try prompts("\(path),tip").kinds[0] == [.sentence, .sentence, .template])
}

@Test func aFileNameMayContainSeparators() throws {
    let scratch = try ScratchFolder()
    let path = try scratch.write("{}, drawn", "a+b,c.txt")
    #expect(try prompts(path).texts[0] == ["dog, drawn"])
}

@Test func theDigestDistinguishesPrompts() throws {
    let scratch = try ScratchFolder()
    let templates = try scratch.write("a photo of a {}.\n", "own.txt")
    let other = try scratch.write(#"["a photo of a {}."]"#, "elsewhere/own.json")
    let digest = try prompts("tip").digest
    #expect(try prompts("tip").digest == digest)
    let newer = TemplateSet(name: "tip", version: 2, source: "a", templates: photo.templates)
    let raised = try PromptChoice("tip", dataset: "objects", owners: [TemplateOwner("objects", [newer])])
    let digests = try [
        digest, raised.prompts(for: ["dog", "sea_lion"]).digest, prompts("tip", "objects", ["sea_lion", "dog"]).digest,
        prompts("tip", "objects", ["dog", "sea lion"]).digest, prompts("tip", "textures").digest,
        prompts("seven").digest, prompts("tip+seven").digest, prompts("seven+tip").digest, prompts(templates).digest,
    ]
    #expect(Set(digests).count == digests.count)
    // A file is identified by its texts, regardless of its path.
    #expect(try prompts(other).digest == digests.last)
    // The kind of a prompt matters, and the boundaries between classes.
    let sentences = try scratch.write(#"{"a": ["x", "y"], "b": ["z"]}"#, "one.json")
    let moved = try scratch.write(#"{"a": ["x"], "b": ["y", "z"]}"#, "two.json")
    #expect(try prompts(sentences, "mine", ["a", "b"]).digest != prompts(moved, "mine", ["a", "b"]).digest)
    let same = try scratch.write(
        #"{"dog": ["a photo of a dog."], "sea_lion": ["a photo of a sea lion."]}"#, "same.json")
    #expect(try prompts(same).texts == prompts("tip").texts)
    #expect(try prompts(same).digest != digests.last)
}

@Test func promptsArePrintedInTheOrderOfClasses() throws {
    let scratch = try ScratchFolder()
    let path = try scratch.write(#"{"b": ["one\ttwo\nthree", "\"q\""], "a": ["A."]}"#, "own.json")
    let made = try prompts(path, "mine", ["b", "a", "b"].map { $0 })
    #expect(made.lines() == "b\tone two three\nb\t\"q\"\na\tA.\nb\tone two three\nb\t\"q\"\n")
    #expect(made.lines(only: [1]) == "a\tA.\n")
    // The printed JSON is a sentence file.
    let again = try scratch.write(made.json(), "again.json")
    #expect(try prompts(again, "mine", ["b", "a", "b"]) == made)
    #expect(made.json().hasPrefix("{\n  \"b\": [\n    \"one\\ttwo\\nthree\","))
    #expect(try prompts(try scratch.write(made.json(only: [1]), "a.json"), "mine", ["a"]).texts == [["A."]])
}

@Test func theListingHasEachSetOnceWithItsDataSets() throws {
    let all = try TemplateListing(dataset: nil, named: nil, owners: owners)
    #expect(all.sets.map(\.name) == ["tip", "tip", "seven"])
    #expect(all.sets.map(\.datasets) == [["objects"], ["textures"], ["objects", "both"]])
    #expect(all.page.contains("seven (version 2): 2 templates\n  for objects, both\n  from c\n"))
    #expect(
        try TemplateListing(dataset: nil, named: "seven", owners: owners).templates()
            == "itap of a {}.\nart of the {}.\n")
    let both = try TemplateListing(dataset: nil, named: "tip", owners: owners)
    let unclear = fault { () throws(Fault) in _ = try both.templates() }
    #expect(unclear?.remedy.contains("--dataset objects") == true)
    #expect(try TemplateListing(dataset: "textures", named: "tip", owners: owners).templates() == "{} texture.\n")
    let unknown = fault { () throws(Fault) in _ = try TemplateListing(dataset: nil, named: "tap", owners: owners) }
    #expect(unknown?.expected == "one of tip, seven")
    let nowhere = fault { () throws(Fault) in _ = try TemplateListing(dataset: "x", named: nil, owners: owners) }
    #expect(nowhere?.subject == "--dataset")
}

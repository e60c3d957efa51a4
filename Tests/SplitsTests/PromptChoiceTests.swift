import Catalog
import Core
import Foundation
import Splits
import TestSupport
import Testing

private func prompts(
    _ text: String, _ dataset: String = "caltech101", _ classes: [String] = ["dog", "sea_lion"]
) throws(Fault) -> ClassPrompts {
    try PromptChoice(text, dataset: dataset).prompts(for: classes)
}

@Test func aTemplateTakesTheNameWithSpaces() throws {
    let made = try prompts("tip")
    #expect(made.texts == [["a photo of a dog."], ["a photo of a sea lion."]])
    #expect(made.kinds == [[.template], [.template]])
    #expect(made.isEven && made.promptCounts == 1 ... 1)
    #expect(try prompts("tip", "dtd").texts == [["dog texture."], ["sea lion texture."]])
}

@Test func aTemplateSetOfTheDataSetComesFirst() throws {
    #expect(try prompts("tip", "imagenet_a").texts == prompts("imagenet7").texts)
    #expect(try prompts("imagenet7", "dtd").texts[0].prefix(2) == ["itap of a dog.", "a bad photo of the dog."])
    #expect(try prompts("cluster", "mine").texts[0].count == 7)
    // Data sets outside the catalog have the general template under both names.
    for name in ["tip", "coop"] { #expect(try prompts(name, "mine").texts[0] == ["a photo of a dog."]) }
}

@Test(arguments: ["tap", "imagenet", "Tip"])
func anUnknownTemplateSetIsRefusedWithTheKnownOnes(_ name: String) {
    let found = fault { () throws(Fault) in _ = try prompts(name) }
    #expect(found?.status == .configuration)
    #expect(found?.found == "'\(name)'")
    #expect(found?.expected == "one of cluster, coop, imagenet7, imagenet80, tip, or a file")
}

@Test(arguments: ["", "tip+", "+tip", "tip,,coop", "tip+tip", "tip,coop+tip"])
func aPromptChoiceHasEachSourceOnce(_ text: String) {
    #expect(fault { () throws(Fault) in _ = try prompts(text) }?.subject == "prompts")
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
    let made = try prompts("tip+\(path)", "dtd")
    #expect(
        made.texts == [["dog texture.", "Dogs bark.", "A dog."], ["sea lion texture.", "It swims."]])
    #expect(made.kinds[1] == [.template, .sentence])
    #expect(!made.isEven && made.promptCounts == 2 ... 3)
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
    let newer = TemplateSet(name: "tip", version: 2, source: "a", templates: ["a photo of a {}."])
    let digests = try [
        digest, PromptChoice(sets: [newer]).prompts(for: ["dog", "sea_lion"]).digest, prompts("coop").digest,
        prompts("tip", "caltech101", ["sea_lion", "dog"]).digest,
        prompts("tip", "caltech101", ["dog", "sea lion"]).digest, prompts("tip", "dtd").digest,
        prompts("cluster").digest, prompts("tip+cluster").digest, prompts("cluster+tip").digest,
        prompts(templates).digest,
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
    let all = try TemplateListing()
    #expect(all.sets.map(\.name).first == "tip" && all.sets.count { $0.name == "tip" } > 2)
    #expect(all.sets.first { $0.name == "imagenet7" }?.datasets == ["imagenet"] + Catalog.shiftTargets)
    #expect(all.page.contains("imagenet80 (version 1): 80 templates\n  for imagenet, imagenetv2, "))
    #expect(try TemplateListing(named: "imagenet7").templates().hasPrefix("itap of a {}.\na bad photo of the {}.\n"))
    let unclear = fault { () throws(Fault) in _ = try TemplateListing(named: "tip").templates() }
    #expect(unclear?.remedy.contains("dataset imagenet") == true)
    #expect(try TemplateListing(dataset: "dtd", named: "tip").templates() == "{} texture.\n")
    let unknown = fault { () throws(Fault) in _ = try TemplateListing(named: "tap") }
    #expect(unknown?.expected == "one of tip, coop, imagenet7, imagenet80, cluster")
    let nowhere = fault { () throws(Fault) in _ = try TemplateListing(dataset: "x") }
    #expect(nowhere?.subject == "dataset")
}

@Test func aTextWithBracesIsATemplateItself() throws {
    let classes = ["dog", "sea_lion"]
    let made = try prompts("a photo of a {}, a type of pet + toy.")
    #expect(
        made.texts == [["a photo of a dog, a type of pet + toy."], ["a photo of a sea lion, a type of pet + toy."]])
    let lines = try prompts("a {}.\n\nthe {}.\ntip+imagenet7\n")
    #expect(lines.texts[0].prefix(3) == ["a dog.", "the dog.", "a photo of a dog."] && lines.texts[0].count == 10)
    let repeated = try PromptChoice(["a {}.", "the {}.", "tip,imagenet7"], dataset: "caltech101").prompts(for: classes)
    #expect(repeated == lines)
    // With the identity of a file of the same lines.
    let scratch = try ScratchFolder()
    let file = try scratch.write("a photo of a {}, a type of pet + toy.\n", "own.txt")
    #expect(try prompts(file).digest == made.digest)
    #expect(made.origins == [[""], [""]] && lines.origins[0][2] == "the template set 'tip'")
    #expect(try prompts(file).origins == [[file], [file]])
}

@Test func aFileWhoseNameLooksLikeATemplateIsAFile() throws {
    let scratch = try ScratchFolder()
    let path = try scratch.write("the {}.\n", "a {}, b + c.txt")
    #expect(try prompts(path).texts[0] == ["the dog."])
}

@Test(arguments: ["a photo of a dog", "a photo of a {c}.", "a photo of a {classname}"])
func aTemplateWithoutAPlaceForTheNameIsRefused(_ text: String) {
    let found = fault { () throws(Fault) in _ = try prompts(text) }
    #expect(found?.status == .configuration && found?.found.hasPrefix("'\(text)'") == true)
    #expect(found?.expected.contains("'{}' in the place of the class name") == true)
}

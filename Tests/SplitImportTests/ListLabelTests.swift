import Core
import SplitImport
import Splits
import TestSupport
import Testing

private func list(
    _ rows: [String], classes: String? = nil, _ choose: (inout SplitImport.Settings) -> Void = { _ in }
) throws -> ImportedSplit {
    let scratch = try ScratchFolder()
    var settings = SplitImport.Settings()
    settings.keepsNames = true
    settings.classes = try classes.map { try scratch.write($0, "names.txt") }
    choose(&settings)
    let text = (["path,label"] + rows).joined(separator: "\n")
    return try SplitImport.list(scratch.write(text, "items.csv"), settings)
}

/// One row per label.
private func labels(
    _ labels: [String], classes: String? = nil, _ choose: (inout SplitImport.Settings) -> Void = { _ in }
) throws -> ImportedSplit {
    try list(labels.enumerated().map { "\($0).jpg,\($1)" }, classes: classes, choose)
}

@Test(arguments: [
    ["0", "1", "2"], ["0.0", "1.0", "2.0"], ["+0", "+1", "+2"], ["00", "01", "02"], ["\"0\"", "\"1\"", "\"2\""],
    ["'0'", "'1'", "'2'"], ["'0", "'1", "'2"], ["0", "1.0", "dog"], ["cat", " bee", "2e0"],
])
func numbersOfEveryFormAreLabels(texts: [String]) throws {
    let imported = try labels(texts, classes: "cat\nbee\ndog\n")
    #expect(imported.found.map { $0[1] } == ["cat", "bee", "dog"], "\(texts)")
}

@Test func numbersWithoutNamesAreRefused() throws {
    for texts in [["0", "1"], ["0.0", "1.0"], ["+0", "01"], ["'0'", "'1'"]] {
        let refused = fault { _ = try labels(texts) }
        #expect(refused?.found == "numeric labels, from 0" && refused?.remedy.contains("classes") == true)
    }
    #expect(fault { _ = try labels(["0.5", "1"]) }?.found == "numbers as labels, such as 0.5")
    #expect(fault { _ = try labels(["True", "False"]) }?.found == "the labels 'True' and 'False'")
    #expect(try labels(["True", "False"], classes: "ok\nscratched\n").found.map { $0[1] } == ["scratched", "ok"])
    #expect(try labels(["inf", "cat"]).split.classes == ["cat", "inf"])
}

@Test func labelsFromOneAreRecognizedAndNoted() throws {
    let imported = try labels(["1", "3", "2.0"], classes: "cat\nbee\ndog\n")
    #expect(imported.found.map { $0[1] } == ["cat", "dog", "bee"])
    #expect(imported.notes.contains("labels count from 1: 1 is 'cat', 3 is 'dog'"))
    // Without the last label, nothing shows that labels count from 1.
    #expect(try labels(["1", "2"], classes: "cat\nbee\ndog\n").found.map { $0[1] } == ["bee", "dog"])
    let numbered = try labels(["1", "2"], classes: "1 cat\n2 bee\n3 dog\n")
    #expect(numbered.found.map { $0[1] } == ["cat", "bee"])
    let fromZero = try labels(["0", "2"], classes: "1 cat\n2 bee\n3 dog\n")
    #expect(fromZero.found.map { $0[1] } == ["cat", "dog"])
    #expect(fromZero.notes.contains("labels count from 0: 0 is 'cat', 2 is 'dog'"))
    let gaps = try labels(["17", "1"], classes: "1: person\n3: car\n17: cat\n")
    #expect(gaps.found.map { $0[1] } == ["cat", "person"])
    #expect(fault { _ = try labels(["0", "3"], classes: "cat\nbee\ndog\n") }?.found == "the label '3' at line 3")
    #expect(fault { _ = try labels(["2"], classes: "1: person\n3: car\n") }?.expected.hasPrefix("1 to 3") == true)
}

@Test func identifiersOfTheClassFileAreLabelsToo() throws {
    let imported = try labels(["n02084071", "n02123045"], classes: "n02123045 cat\nn02084071 dog\n")
    #expect(imported.found.map { $0[1] } == ["dog", "cat"] && imported.split.classes == ["cat", "dog"])
    let birds = try labels(["002.Laysan", "1"], classes: "1 001.Black_footed\n2 002.Laysan\n")
    #expect(birds.found.map { $0[1] } == ["Laysan", "Black_footed"])
}

@Test func missingLabelsAreSaidWithTheirLines() throws {
    let refused = fault { _ = try labels(["cat", "", "NaN", "dog", "<NA>", "", "nan"]) }
    #expect(refused?.found == "no label at line 3, line 4, line 6 and 2 more ('NaN')")
    let note = try labels(["cat", "None", "dog"]).notes
    #expect(note.contains("'None' at line 3 is taken as a class; remove these items if it means no label"))
}

@Test func anImageWithSeveralLabelsIsRefusedWithBothLines() throws {
    let rows = ["a.jpg,cat", "b.jpg,dog", "a.jpg,dog", "c.jpg,cat", "c.jpg,cat", "./b.jpg,cat", "d.jpg,dog"]
    let refused = fault { _ = try list(rows) }
    #expect(refused?.status == .badData)
    #expect(refused?.found == "2 images with several labels: 'a.jpg' is 'cat' at line 2 and 'dog' at line 4")
    #expect(refused?.remedy.contains("several_labels first") == true)
    let first = try list(rows) { $0.severalLabels = .first }
    #expect(
        first.found == [["a.jpg", "cat"], ["b.jpg", "dog"], ["c.jpg", "cat"], ["c.jpg", "cat"], ["d.jpg", "dog"]])
    #expect(first.notes.contains("2 images with several labels, of which the first is kept"))
    #expect(first.notes.contains("1 image is listed more than once"))
    let omitted = try list(rows) { $0.severalLabels = .omit }
    #expect(omitted.found == [["c.jpg", "cat"], ["c.jpg", "cat"], ["d.jpg", "dog"]])
    #expect(omitted.notes.contains("left out: 2 images with several labels"))
}

@Test func oneLabelInSeveralSpellingsIsNoContradiction() throws {
    let imported = try list(["a.jpg,0", "a.jpg,0.0", "a.jpg,cat", "b.jpg,dog"], classes: "cat\ndog\n")
    #expect(imported.found.count == 4 && imported.notes.contains("1 image is listed more than once"))
}

@Test func anImageInSeveralSubsetsIsNoted() throws {
    let scratch = try ScratchFolder()
    let text = "a.jpg,cat,train\nb.jpg,dog,train\na.jpg,cat,test\nc.jpg,dog,val\n"
    let imported = try SplitImport.list(scratch.write(text, "a.csv"))
    #expect(
        imported.notes.contains("1 image is in several subsets: 'a.jpg' is train at line 1 and test at line 3"))
}

@Test func joinedLabelsAreNotedOrDivided() throws {
    let texts = ["Cardiomegaly|Effusion", "Effusion", "Cardiomegaly", "Effusion|Cardiomegaly", "Mass|Nodule"]
    let noted = try labels(texts)
    #expect(noted.split.classes.count == 5)
    #expect(
        noted.notes.contains { $0.hasPrefix("3 labels (Cardiomegaly|Effusion, Effusion|Cardiomegaly, Mass|Nodule)") })
    let first = try labels(texts) { $0.severalLabels = .first }
    #expect(first.split.classes == ["Cardiomegaly", "Effusion", "Mass"])
    #expect(first.found.map { $0[1] } == ["Cardiomegaly", "Effusion", "Cardiomegaly", "Effusion", "Mass"])
    let omitted = try labels(texts) { $0.severalLabels = .omit }
    #expect(omitted.found == [["1.jpg", "Effusion"], ["2.jpg", "Cardiomegaly"]])
    // Marks inside names join nothing unless the parts are labels themselves.
    #expect(try labels(["AC/DC", "salt & pepper", "R+B"]).notes.allSatisfy { !$0.contains("several classes") })
    #expect(try labels(["\"a, b\"", "a", "b"]).notes.contains { $0.hasPrefix("1 label (a, b)") })
    let given = fault { _ = try labels(["cat|dog", "cat"], classes: "cat\ndog\n") }
    #expect(given?.remedy.contains("several_labels") == true)
    #expect(
        try labels(["cat|dog", "dog"], classes: "cat\ndog\n") { $0.severalLabels = .first }.found.map { $0[1] } == [
            "cat", "dog",
        ])
}

@Test func aSingleClassIsNoted() throws {
    #expect(try labels(["cat", "cat"]).notes.contains("'cat' is the only class; training needs at least two"))
}

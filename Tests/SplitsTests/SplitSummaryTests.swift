import Catalog
import Core
import Foundation
import Splits
import TestSupport
import Testing

@Test func aSummaryShowsTheContentOfASplit() throws {
    let scratch = try ScratchFolder()
    var split = try sampleSplit(classes: ["a", "b_c", "d"], counts: (5, 2, 1))
    split.train = ItemList(split.train.filter { $0.label != 1 || $0.path.contains("train 0") })
    split.test = ItemList()
    try split.write(to: scratch.file("mine.split.json"))
    let file = try SplitFile(path: scratch.file("mine.split.json"))
    let page = SplitSummary(file).page
    for line in [
        "split       mine.split.json", "images in   the data root itself", "classes     3",
        "train       11 items, from 1 (b_c) to 5 (a and 1 other)", "val         6 items, 2 per class",
        "test        no items", "SHA-256     \(file.input.digest)",
    ] { #expect(page.contains(line + "\n"), "\(line) in \(page)") }
    #expect(!page.contains("sample"))

    try file.sampled(.coop, shots: 2, seed: 3).write(to: scratch.file("sample.split.json"))
    let sampled = try SplitSummary(SplitFile(path: scratch.file("sample.split.json")))
    #expect(sampled.page.contains("sample      2 shots, seed 3, scheme coop\nparent      \(file.input.digest)\n"))
    #expect((sampled.items.train, sampled.items.val, sampled.items.test) == (5, 6, 0))
}

@Test func aClassIsFoundByItsName() throws {
    let scratch = try ScratchFolder()
    try sampleSplit(classes: ["Polo Shirt", "polo_shirt", "sea_lion"]).write(to: scratch.file("mine.split.json"))
    let summary = try SplitSummary(SplitFile(path: scratch.file("mine.split.json")))
    #expect(try summary.labels(of: "polo_shirt") == [1])
    #expect(try summary.labels(of: "Sea Lion") == [2])
    #expect(summary.line(of: 2) == "sea_lion: label 2, 20 train, 6 val, 4 test\n")
    let both = fault { () throws(Fault) in _ = try summary.labels(of: "polo shirt") }
    #expect(both?.expected == "'Polo Shirt' or 'polo_shirt'")
    let near = fault { () throws(Fault) in _ = try summary.labels(of: "sea_lyon") }
    #expect(near?.expected == "'sea_lion'")
}

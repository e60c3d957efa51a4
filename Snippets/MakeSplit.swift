//! Makes a split of a folder of images, checks it, and takes a few-shot sample.
//!
//! Run it with `swift run -c release MakeSplit`. It draws images into the folder drawn-badges.

import Catalog
import Core
import Drawing
import SplitCheck
import SplitImport
import Splits

// snippet.draw
let drawing = DrawnDataset(.badges, style: .crayon, seed: 1, count: 15)
let drawn = try drawing.split()
print("\(drawn.dataset): \(drawn.classes.count) classes, \(drawn.itemCount) images")
// snippet.end

// snippet.catalog
for entry in Catalog.entries {
    print(entry.name, entry.classCount, entry.counts.train, entry.license)
}
// snippet.end

// snippet.sample
try drawn.write(to: "badges.split.json")
let file = try SplitFile(path: "badges.split.json")
let sample = try file.sampled(.coop, shots: 1, seed: 1)
print("\(sample.train.count) of \(file.split.train.count) train items")
// snippet.end

// snippet.prompts
let prompts = try PromptChoice("tip", dataset: drawn.dataset).prompts(for: drawn.classes)
print(prompts.texts[0])
// snippet.end

if CommandLine.arguments.count > 1 {
    let folder = CommandLine.arguments[1]
    // snippet.import
    let imported = try SplitImport.folder(folder)
    try imported.split.write(to: "photos.split.json")
    imported.notes.forEach { print($0) }
    // snippet.end

    // snippet.check
    var check = SplitCheck(try SplitFile(path: "photos.split.json"), root: folder)
    check.decodes = true
    let report = try check.report()
    print(report.page(base: folder))
    // snippet.end
}

import Core
import FeatureStore
import Foundation
import TensorFiles
import TestSupport
import Testing

/// One kind of bad input, with the expected status and message of a tool.
struct BadInput: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let status: Int32
    /// Words that the message must contain.
    let words: [String]
    /// The tool and its arguments, in which `@` stands for the scratch folder.
    let command: String
    let prepare: @Sendable (borrowing ScratchFolder) throws -> Void

    init(
        _ what: String, _ status: Int32, _ words: [String], _ command: String,
        prepare: @escaping @Sendable (borrowing ScratchFolder) throws -> Void = { _ in }
    ) {
        testDescription = what
        self.status = status
        self.words = words
        self.command = command
        self.prepare = prepare
    }
}

/// Runs a command in which `@` stands for the folder `root`.
private func runCommand(_ command: String, in root: String, shell: String = "") throws -> ToolRun {
    let words = command.split(separator: " ").map { String($0.replacing("@", with: root + "/")) }
    return try ToolRun(words[0], Array(words.dropFirst()), shell: shell)
}

/// Runs the tool and expects one message, the status, and unchanged files.
private func expectRefusal(_ row: BadInput, _ scratch: borrowing ScratchFolder, shell: String = "") throws {
    let before = scratch.files(in: "")
    let run = try runCommand(row.command, in: scratch.path, shell: shell)
    #expect(run.status == row.status, "\(row.testDescription): \(run.status) \(run.messages)")
    #expect(run.output.isEmpty, "\(row.testDescription): \(run.output)")
    let lines = run.messages.split(separator: "\n").filter { !$0.hasPrefix("note: ") }
    #expect(lines.count == 1, "\(row.testDescription): \(run.messages)")
    let sentence = lines.first.map(String.init) ?? ""
    let tool = row.command.prefix { $0 != " " }
    #expect(sentence.hasPrefix("\(tool): error: ") && sentence.hasSuffix("."), "\(row.testDescription): \(sentence)")
    for word in row.words { #expect(sentence.contains(word), "\(row.testDescription): \(sentence)") }
    #expect(scratch.files(in: "") == before, "\(row.testDescription): other files than before")
}

private func damage(_ scratch: borrowing ScratchFolder, _ name: String, _ change: (inout Data) -> Void) throws {
    var data = scratch.bytes(name)
    change(&data)
    try scratch.write(data, name)
}

private func npy(_ scratch: borrowing ScratchFolder, _ name: String, _ tensor: Tensor) throws {
    try scratch.write("", name)
    try writeNpy(tensor.view, to: scratch.file(name))
}

/// Writes features [6×4] of images, labels of 2 classes, and text features.
private func writeSources(_ scratch: borrowing ScratchFolder) throws {
    let values = (0 ..< 24).map { Float($0 % 7) + 0.5 }
    let tensors = ["images": Tensor(values, shape: [6, 4]), "labels": Tensor([0, 1, 0, 1, 0, 1], shape: [6])]
    for (name, tensor) in tensors { try npy(scratch, "in/\(name).npy", tensor) }
    try npy(scratch, "in/text.npy", Tensor([Float](repeating: 1, count: 8), shape: [2, 4]))
    try scratch.write(#"["apple", "bee"]"#, "in/classes.json")
    try writeSafetensors(tensors, to: scratch.file("in/all.safetensors"))
}

private let importNpy =
    "fewshot-features import npy --images @in/images.npy --labels @in/labels.npy --text @in/text.npy"
    + " --classes @in/classes.json --part train -o @out"
private let importSafe =
    "fewshot-features import safetensors --file @in/all.safetensors --images images --labels labels"
    + " --classes @in/classes.json --part train -o @out"

private let importCache = "fewshot-features import tip-adapter @cache --shots 1 -o @out"

private func writeCache(_ scratch: borrowing ScratchFolder, _ content: String) throws {
    for name in ["keys_1shots", "values_1shots", "val_f", "val_l", "test_f", "test_l"] {
        try scratch.write(content, "cache/\(name).pt")
    }
}

private let importRows: [BadInput] = [
    BadInput("truncated npy", 65, ["images.npy"], importNpy) { try damage($0, "in/images.npy") { $0.removeLast(5) } },
    BadInput("empty npy", 65, ["images.npy", "an empty file"], importNpy) { try $0.write("", "in/images.npy") },
    BadInput("damaged npy header", 65, ["images.npy"], importNpy) { try damage($0, "in/images.npy") { $0[3] ^= 16 } },
    BadInput("huge npy header", 65, ["images.npy"], importNpy) {
        try $0.write([0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59, 2, 0, 255, 255, 255, 127, 1, 2], "in/images.npy")
    },
    BadInput("fractions for labels", 65, ["labels.npy"], importNpy) {
        try npy($0, "in/labels.npy", Tensor([Float](repeating: 0.5, count: 6), shape: [6]))
    },
    BadInput("labels for other items", 65, ["labels.npy"], importNpy) {
        try npy($0, "in/labels.npy", Tensor([0, 1, 0, 1], shape: [4]))
    },
    BadInput("images of one axis", 65, ["images.npy"], importNpy) {
        try npy($0, "in/images.npy", Tensor([Float](repeating: 1, count: 6), shape: [6]))
    },
    BadInput("a value that is no number", 65, ["images.npy"], importNpy) {
        try npy($0, "in/images.npy", Tensor((0 ..< 24).map { $0 == 9 ? Float.nan : 1 }, shape: [6, 4]))
    },
    BadInput("an infinite value", 65, ["text.npy"], importNpy) {
        try npy($0, "in/text.npy", Tensor((0 ..< 8).map { $0 == 3 ? -Float.infinity : 1 }, shape: [2, 4]))
    },
    BadInput("a label out of range", 65, ["labels.npy"], importNpy) {
        try npy($0, "in/labels.npy", Tensor([0, 1, 2, 1, 0, 1], shape: [6]))
    },
    BadInput("a negative label", 65, ["labels.npy"], importNpy) {
        try npy($0, "in/labels.npy", Tensor([0, -1, 0, 1, 0, 1], shape: [6]))
    },
    BadInput("text of another width", 65, ["text.npy"], importNpy) {
        try npy($0, "in/text.npy", Tensor([Float](repeating: 1, count: 10), shape: [2, 5]))
    },
    BadInput("class names that are no JSON", 65, ["classes.json"], importNpy) {
        try $0.write("[\"apple\", ", "in/classes.json")
    },
    BadInput("class names of another kind", 65, ["classes.json"], importNpy) {
        try $0.write("{\"a\": 1}", "in/classes.json")
    },
    BadInput("nested class names", 65, ["classes.json"], importNpy) {
        try $0.write(String(repeating: "[", count: 200_000), "in/classes.json")
    },
    BadInput("no images", 66, ["images.npy"], importNpy) { try $0.remove("in/images.npy") },
    BadInput("truncated safetensors", 65, ["all.safetensors"], importSafe) {
        try damage($0, "in/all.safetensors") { $0.removeLast(5) }
    },
    BadInput("empty safetensors", 65, ["all.safetensors"], importSafe) { try $0.write("", "in/all.safetensors") },
    BadInput("huge safetensors header", 65, ["all.safetensors"], importSafe) {
        try damage($0, "in/all.safetensors") { $0[6] = 0x7f }
    },
    BadInput(
        "safetensors without the tensor", 65, ["all.safetensors", "pictures"],
        importSafe.replacing("--images images", with: "--images pictures")),
    BadInput("a cache folder of damaged files", 65, ["cache"], importCache) {
        try writeCache($0, "PK\u{3}\u{4} and nothing else")
    },
    BadInput("a cache folder of empty files", 65, ["cache"], importCache) { try writeCache($0, "") },
    BadInput("no cache folder", 66, ["nowhere"], importCache.replacing("@cache", with: "@nowhere")),
]

@Test(arguments: importRows) func badSourcesAreRefused(row: BadInput) throws {
    let scratch = try ScratchFolder()
    try writeSources(scratch)
    try row.prepare(scratch)
    try expectRefusal(row, scratch)
}

private let train = "fewshot-train --features @small --method tip-adapter-f --shots 2 --seeds 1 --epochs 2 -o @runs"

private let trainRows: [BadInput] = [
    BadInput("truncated h5", 65, ["train.h5"], train) { try damage($0, "small/train.h5") { $0.removeLast(100) } },
    BadInput("empty h5", 65, ["test.h5"], train) { try $0.write("", "small/test.h5") },
    BadInput("h5 with a flipped bit", 65, ["train.h5"], train) {
        try damage($0, "small/train.h5") { $0[$0.count / 2] ^= 4 }
    },
    BadInput("h5 that is something else", 65, ["val.h5"], train) {
        try $0.write(String(repeating: "no features. ", count: 1000), "small/val.h5")
    },
    BadInput("features of two widths", 65, ["test.h5", "width 16", "width 8"], train) {
        try writeFeatures(to: $0.file("other"), width: 8)
        try $0.write($0.bytes("other/test.h5"), "small/test.h5")
    },
    BadInput("a part in another's place", 65, ["train.h5", "'val'"], train) {
        try $0.write($0.bytes("small/val.h5"), "small/train.h5")
    },
    BadInput("no features", 66, ["nowhere"], "fewshot-train --features @nowhere"),
    BadInput("no train part", 66, ["train.h5"], train) { try $0.remove("small/train.h5") },
    BadInput("no val part under the val protocol", 66, ["val.h5", "--val-from-train", "--protocol fixed"], train) {
        try $0.remove("small/val.h5")
    },
    BadInput("no test part under the paper protocol", 66, ["test.h5"], train + " --protocol paper") {
        try $0.remove("small/test.h5")
    },
    BadInput("no text for zero-shot", 66, ["text.h5"], "fewshot-train --features @small --method zero-shot -o @runs") {
        try $0.remove("small/text.h5")
    },
    BadInput("more shots than items", 65, ["train.h5", "--allow-fewer"], train + " --shots 16"),
    BadInput("an unknown method", 64, ["--method", "'tip'"], train + " --method tip"),
    BadInput("no method", 64, ["--method"], train + " --method ,"),
    BadInput("no shots", 64, ["--shots"], train + " --shots ,"),
    BadInput("shots that are no number", 64, ["--shots", "'x'"], train + " --shots 1,x"),
    BadInput("seeds that are none", 64, ["--seeds"], train + " --seeds 3-1"),
    BadInput("an unknown setting", 78, ["alfa"], train + " --set alfa=1"),
    BadInput("a setting of an unknown method", 78, ["tip.alpha"], train + " --alpha 1 --set tip.alpha=2"),
    BadInput("a setting without a value", 64, ["--set"], train + " --set alpha"),
    BadInput("a setting of another kind", 78, ["alpha", "'x'"], train + " --set alpha=x"),
    BadInput("a setting that is no number", 78, ["alpha"], train + " --set alpha=nan"),
    BadInput("a setting out of range", 78, ["lr"], train + " --set lr=-1"),
    BadInput("a fraction of an epoch", 78, ["epochs"], train + " --set epochs=1.5"),
    BadInput("a huge number of epochs", 78, ["epochs"], train + " --set epochs=1e300"),
    BadInput("no settings file", 66, ["s.yaml"], train + " --config @s.yaml"),
    BadInput("an empty settings file", 65, ["s.yaml"], train + " --config @s.yaml") { try $0.write("", "s.yaml") },
    BadInput("a settings file that is no YAML", 65, ["s.yaml"], train + " --config @s.yaml") {
        try $0.write("alpha: [1, 2\nbeta: }", "s.yaml")
    },
    BadInput("a settings file without keys", 65, ["s.yaml"], train + " --config @s.yaml") {
        try $0.write("- 1\n- 2\n", "s.yaml")
    },
    BadInput("a nested settings file", 65, ["s.yaml"], train + " --config @s.yaml") {
        try $0.write(String(repeating: "[", count: 100_000), "s.yaml")
    },
    BadInput("a huge settings file", 65, ["s.yaml"], train + " --config @s.yaml") {
        try $0.write(String(repeating: "# nothing\n", count: 200_000), "s.yaml")
    },
    BadInput("an unknown key", 78, ["s.yaml", "init_alfa"], train + " --config @s.yaml") {
        try $0.write("init_alfa: 1\n", "s.yaml")
    },
    BadInput("orders of one axis", 65, ["orders.npy"], train + " --batch-order @orders.npy") {
        try npy($0, "orders.npy", Tensor([0, 1, 2], shape: [3]))
    },
    BadInput("orders that are no integers", 65, ["orders.npy"], train + " --batch-order @orders.npy") {
        try npy($0, "orders.npy", Tensor([Float](repeating: 0, count: 12), shape: [2, 6]))
    },
    BadInput("orders that are no permutation", 65, ["order"], train + " --batch-order @orders.npy") {
        try npy($0, "orders.npy", Tensor([0, 1, 2, 3, 4, 4, 0, 1, 2, 3, 4, 5], shape: [2, 6]))
    },
    BadInput("orders of other items", 65, ["order"], train + " --batch-order @orders.npy") {
        try npy($0, "orders.npy", Tensor([0, 1, 2, 3, 0, 1, 2, 3], shape: [2, 4]))
    },
    BadInput("orders of too few epochs", 65, ["order"], train + " --batch-order @orders.npy") {
        try npy($0, "orders.npy", Tensor([0, 1, 2, 3, 4, 5], shape: [1, 6]))
    },
    BadInput("an output that is a file", 73, ["taken"], train + " -o @taken") { try $0.write("mine", "taken") },
    BadInput("an unknown flag", 64, ["--alfa"], train + " --alfa 1"),
    BadInput("no features named", 64, ["--features"], "fewshot-train --method zero-shot"),
    BadInput(
        "an unknown command", 64, ["'fewshot-train train'", "did you mean 'fewshot-train run'"],
        "fewshot-train train --features @x"),
    BadInput("a misspelled command", 64, ["did you mean 'fewshot-report html'"], "fewshot-report htlm @x"),
    BadInput("another misspelled command", 64, ["did you mean 'fewshot-split check'"], "fewshot-split chek @x"),
    BadInput("a command unlike all others", 64, ["expected one of build, plan"], "fewshot-features frobnicate"),
    BadInput(
        "a folder instead of a kind of import", 64, ["did you mean 'fewshot-split import folder", "/photos'?"],
        "fewshot-split import @photos"
    ) { try $0.write("", "photos/") },
    BadInput("a table instead of a kind of import", 64, ["import list items.csv'"], "fewshot-split import items.csv"),
    BadInput("an unknown protocol", 64, ["best"], train + " --protocol best"),
    BadInput("an unknown class", 78, ["--classes", "'aple'", "apple"], train + " --classes aple"),
    BadInput("new classes of a study of all", 78, ["--evaluate", "base"], train + " --evaluate new"),
    BadInput("no features to evaluate on", 66, ["nowhere"], train + " --evaluate nowhere"),
    BadInput("no study file", 66, ["s.yaml"], "fewshot-train run @s.yaml"),
    BadInput("a study file of unknown keys", 78, ["s.yaml", "feature"], "fewshot-train run @s.yaml") {
        try $0.write("feature: small\n", "s.yaml")
    },
    BadInput("a study file without features", 64, ["--features"], "fewshot-train run @s.yaml") {
        try $0.write("shots: [1]\n", "s.yaml")
    },
    BadInput("nothing to resume", 66, ["study.json"], "fewshot-train run --resume -o @runs"),
    BadInput("a start that is no safetensors", 65, ["s.safetensors"], train + " --initial @s.safetensors") {
        try $0.write("no tensors", "s.safetensors")
    },
]

@Test(arguments: trainRows) func badStudiesAreRefused(row: BadInput) throws {
    let scratch = try ScratchFolder()
    try writeFeatures(to: scratch.file("small"))
    try row.prepare(scratch)
    try expectRefusal(row, scratch)
    #expect(scratch.files(in: "runs").isEmpty)
}

private let runName = "runs/small/tip-adapter-f.2shot.s1.val"
private let eval = "fewshot-train eval --run @\(runName) --features @small"

private let runRows: [BadInput] = [
    BadInput("images without weights", 64, ["--model"], "fewshot-train predict --run @\(runName) x.jpg"),
    BadInput(
        "weights that are not there", 66, ["nowhere"], "fewshot-train predict --run @\(runName) x.jpg --model nowhere"),
    BadInput("a prediction of no run", 66, ["nothing"], "fewshot-train predict --run @nothing @small"),
    BadInput(
        "keys as one weight matrix", 65, ["tip-adapter-f"], "fewshot-train export --run @\(runName) -o @f.safetensors"),
    BadInput(
        "the same with the former --form", 65, ["tip-adapter-f"],
        "fewshot-train export --run @\(runName) --form fused -o @f.safetensors"),
    BadInput("results that are not there", 66, ["nowhere"], "fewshot-report table @nowhere.jsonl"),
    BadInput("results that are none", 65, ["results.jsonl", "line 1"], "fewshot-report table @results.jsonl") {
        try $0.write("no result\n", "results.jsonl")
    },
    BadInput("no run", 66, ["nothing"], "fewshot-train eval --run @nothing --features @small"),
    BadInput("no adapter", 66, ["adapter.safetensors"], eval) { try $0.remove("\(runName)/adapter.safetensors") },
    BadInput("truncated adapter", 65, ["adapter.safetensors"], eval) {
        try damage($0, "\(runName)/adapter.safetensors") { $0.removeLast(9) }
    },
    BadInput("empty adapter", 65, ["adapter.safetensors"], eval) { try $0.write("", "\(runName)/adapter.safetensors") },
    BadInput("adapter with a flipped bit", 65, ["adapter.safetensors"], eval) {
        try damage($0, "\(runName)/adapter.safetensors") { $0[$0.count - 10] ^= 1 }
    },
    BadInput("another program's tensors", 65, ["adapter.safetensors"], eval) {
        let tensors = ["x": Tensor([Float](repeating: 1, count: 4), shape: [2, 2])]
        try writeSafetensors(tensors, to: $0.file("\(runName)/adapter.safetensors"))
    },
    BadInput(
        "features of another width", 65, ["other", "8 wide"], "fewshot-train eval --run @\(runName) --features @other"
    ) {
        try writeFeatures(to: $0.file("other"), width: 8)
    },
    BadInput("no test part", 66, ["test.h5"], eval) { try $0.remove("small/test.h5") },
    BadInput("prompts as a part", 64, ["part"], eval + " --part text"),
    BadInput("damaged adapter of a finished run", 65, ["adapter.safetensors", "--replace"], train) {
        try damage($0, "\(runName)/adapter.safetensors") { $0[$0.count - 10] ^= 1 }
    },
    BadInput("lost adapter of a finished run", 66, ["adapter.safetensors", "--replace"], train) {
        try $0.remove("\(runName)/adapter.safetensors")
    },
    BadInput("truncated record", 65, ["run.json", "--replace"], train) {
        try damage($0, "\(runName)/run.json") { $0.removeLast(30) }
    },
    BadInput("empty record", 65, ["run.json"], train) { try $0.write("", "\(runName)/run.json") },
    BadInput("record with another result", 65, ["run.json"], train) {
        let text = $0.text("\(runName)/run.json")
        try $0.write(text.replacing("\"seed\" : 1", with: "\"seed\" : 2"), "\(runName)/run.json")
    },
    BadInput("nested record", 65, ["run.json"], train) {
        try $0.write(String(repeating: "[", count: 200_000), "\(runName)/run.json")
    },
    BadInput("other settings in the same output", 73, ["settings.lr", "0.001", "0.25"], train + " --lr 0.25"),
    BadInput("other features in the same output", 73, ["a run of other features (small/test.h5 changed)"], train) {
        try writeFeatures(to: $0.file("other"), count: 33)
        try $0.write($0.bytes("other/test.h5"), "small/test.h5")
    },
]

@Test(arguments: runRows) func badRunsAreRefused(row: BadInput) throws {
    let scratch = try ScratchFolder()
    try writeFeatures(to: scratch.file("small"))
    let first = try runCommand(train, in: scratch.path)
    #expect(first.status == 0, "\(first.messages)")
    try row.prepare(scratch)
    try expectRefusal(row, scratch)
}

@Test func aFullDiskWhileTrainingLeavesWhatThereWas() throws {
    let scratch = try ScratchFolder()
    try writeFeatures(to: scratch.file("small"), width: 256)
    #expect(try runCommand(train, in: scratch.path).status == 0)
    // Blocks of 512 bytes; the adapter is larger.
    let row = BadInput("a full disk", 74, ["adapter.safetensors"], train + " --lr 0.25 --replace")
    try expectRefusal(row, scratch, shell: "ulimit -f 4;")
}

@Test(.enabled(if: Machine.mayMount)) func aReadOnlyFolderIsNoOutput() throws {
    let scratch = try ScratchFolder()
    let fixed = scratch.file("fixed")
    try scratch.write("", "fixed/")
    try writeFeatures(to: scratch.file("small"))
    try #require(try ToolRun("mount", ["-t", "tmpfs", "-o", "size=1m,ro", "tmpfs", fixed]).status == 0)
    defer { _ = try? ToolRun("umount", [fixed]) }
    try expectRefusal(BadInput("a read-only folder", 73, ["fixed"], train + " -o @fixed/runs"), scratch)
}

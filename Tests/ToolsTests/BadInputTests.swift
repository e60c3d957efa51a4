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
    let tool: String
    let arguments: String
    let prepare: @Sendable (borrowing ScratchFolder) throws -> Void

    /// Creates a row for a command in which `@` stands for the scratch folder.
    init(
        _ what: String, _ status: Int32, _ words: [String], _ tool: String, _ arguments: String,
        prepare: @escaping @Sendable (borrowing ScratchFolder) throws -> Void = { _ in }
    ) {
        testDescription = what
        self.status = status
        self.words = words
        self.tool = tool
        self.arguments = arguments
        self.prepare = prepare
    }
}

/// The content of every file below a folder, by relative path.
func files(in root: String) -> [String: Data] {
    let paths = FileManager.default.enumerator(atPath: root)?.compactMap { $0 as? String } ?? []
    return Dictionary(
        paths.compactMap { place in FileManager.default.contents(atPath: "\(root)/\(place)").map { (place, $0) } },
        uniquingKeysWith: { $1 })
}

/// The words of a command, with `@` replaced by the folder `root`.
private func words(_ command: String, in root: String) -> [String] {
    command.split(separator: " ").map { $0.replacingOccurrences(of: "@", with: root + "/") }
}

/// Runs the tool and expects one message, the status, and unchanged files.
private func expectRefusal(_ row: BadInput, _ scratch: borrowing ScratchFolder, shell: String = "") throws {
    let before = files(in: scratch.path)
    let root = scratch.path
    let run = try ToolRun(
        row.tool, words(row.arguments, in: root), shell: shell)
    #expect(run.status == row.status, "\(row.testDescription): \(run.status) \(run.messages)")
    #expect(run.output.isEmpty, "\(row.testDescription): \(run.output)")
    let lines = run.messages.split(separator: "\n").filter { !$0.hasPrefix("note: ") }
    #expect(lines.count == 1, "\(row.testDescription): \(run.messages)")
    let sentence = lines.first.map(String.init) ?? ""
    #expect(
        sentence.hasPrefix("\(row.tool): error: ") && sentence.hasSuffix("."), "\(row.testDescription): \(sentence)")
    for word in row.words { #expect(sentence.contains(word), "\(row.testDescription): \(sentence)") }
    #expect(files(in: root) == before, "\(row.testDescription): other files than before")
}

private func damage(_ scratch: borrowing ScratchFolder, _ name: String, _ change: (inout Data) -> Void) throws {
    var data = scratch.bytes(name)
    change(&data)
    try put(scratch, name, data)
}

private func put(_ scratch: borrowing ScratchFolder, _ name: String, _ data: Data) throws {
    try PublishedFile.publish("", to: scratch.file(name))
    try data.write(to: URL(fileURLWithPath: scratch.file(name)))
}

private func put(_ scratch: borrowing ScratchFolder, _ name: String, _ text: String) throws {
    try put(scratch, name, Data(text.utf8))
}

private func npy(_ scratch: borrowing ScratchFolder, _ name: String, _ tensor: Tensor) throws {
    try PublishedFile.publish("", to: scratch.file(name))
    try writeNpy(tensor.view, to: scratch.file(name))
}

/// Writes features [6×4] of images, labels of 2 classes, and text features.
private func writeSources(_ scratch: borrowing ScratchFolder) throws {
    let values = (0 ..< 24).map { Float($0 % 7) + 0.5 }
    try npy(scratch, "in/images.npy", Tensor(values, shape: [6, 4]))
    try npy(scratch, "in/labels.npy", Tensor([0, 1, 0, 1, 0, 1], shape: [6]))
    try npy(scratch, "in/text.npy", Tensor([Float](repeating: 1, count: 8), shape: [2, 4]))
    try put(scratch, "in/classes.json", #"["apple", "bee"]"#)
    let tensors = [
        "images": Tensor(values, shape: [6, 4]), "labels": Tensor([0, 1, 0, 1, 0, 1], shape: [6]),
    ]
    try writeSafetensors(tensors, to: scratch.file("in/all.safetensors"))
}

private let importNpy =
    "import npy --images @in/images.npy --labels @in/labels.npy --text @in/text.npy --classes @in/classes.json --part train -o @out"
private let importSafe =
    "import safetensors --file @in/all.safetensors --images images --labels labels --classes @in/classes.json --part train -o @out"

private let importRows: [BadInput] = [
    BadInput("truncated npy", 65, ["images.npy"], "fewshot-features", importNpy) {
        try damage($0, "in/images.npy") { $0.removeLast(5) }
    },
    BadInput("empty npy", 65, ["images.npy", "an empty file"], "fewshot-features", importNpy) {
        try put($0, "in/images.npy", "")
    },
    BadInput("damaged npy header", 65, ["images.npy"], "fewshot-features", importNpy) {
        try damage($0, "in/images.npy") { $0[3] ^= 16 }
    },
    BadInput("huge npy header", 65, ["images.npy"], "fewshot-features", importNpy) {
        try put($0, "in/images.npy", Data([0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59, 2, 0, 255, 255, 255, 127, 1, 2]))
    },
    BadInput("strings for numbers", 65, ["labels.npy", "integers"], "fewshot-features", importNpy) {
        try npy($0, "in/labels.npy", Tensor([Float](repeating: 0, count: 6), shape: [6]))
    },
    BadInput("labels for other items", 65, ["labels.npy"], "fewshot-features", importNpy) {
        try npy($0, "in/labels.npy", Tensor([0, 1, 0, 1], shape: [4]))
    },
    BadInput("images of one axis", 65, ["images.npy"], "fewshot-features", importNpy) {
        try npy($0, "in/images.npy", Tensor([Float](repeating: 1, count: 6), shape: [6]))
    },
    BadInput("a value that is no number", 65, ["images.npy"], "fewshot-features", importNpy) {
        try npy($0, "in/images.npy", Tensor((0 ..< 24).map { $0 == 9 ? Float.nan : 1 }, shape: [6, 4]))
    },
    BadInput("an infinite value", 65, ["text.npy"], "fewshot-features", importNpy) {
        try npy($0, "in/text.npy", Tensor((0 ..< 8).map { $0 == 3 ? -Float.infinity : 1 }, shape: [2, 4]))
    },
    BadInput("a label out of range", 65, ["labels.npy"], "fewshot-features", importNpy) {
        try npy($0, "in/labels.npy", Tensor([0, 1, 2, 1, 0, 1], shape: [6]))
    },
    BadInput("a negative label", 65, ["labels.npy"], "fewshot-features", importNpy) {
        try npy($0, "in/labels.npy", Tensor([0, -1, 0, 1, 0, 1], shape: [6]))
    },
    BadInput("text of another width", 65, ["text.npy"], "fewshot-features", importNpy) {
        try npy($0, "in/text.npy", Tensor([Float](repeating: 1, count: 10), shape: [2, 5]))
    },
    BadInput("class names that are no JSON", 65, ["classes.json"], "fewshot-features", importNpy) {
        try put($0, "in/classes.json", "[\"apple\", ")
    },
    BadInput("class names of another kind", 65, ["classes.json"], "fewshot-features", importNpy) {
        try put($0, "in/classes.json", "{\"a\": 1}")
    },
    BadInput("nested class names", 65, ["classes.json"], "fewshot-features", importNpy) {
        try put($0, "in/classes.json", String(repeating: "[", count: 200_000))
    },
    BadInput("no images", 66, ["images.npy"], "fewshot-features", importNpy) {
        try FileManager.default.removeItem(atPath: $0.file("in/images.npy"))
    },
    BadInput("truncated safetensors", 65, ["all.safetensors"], "fewshot-features", importSafe) {
        try damage($0, "in/all.safetensors") { $0.removeLast(5) }
    },
    BadInput("empty safetensors", 65, ["all.safetensors"], "fewshot-features", importSafe) {
        try put($0, "in/all.safetensors", "")
    },
    BadInput("huge safetensors header", 65, ["all.safetensors"], "fewshot-features", importSafe) {
        try damage($0, "in/all.safetensors") { $0[6] = 0x7f }
    },
    BadInput(
        "safetensors without the tensor", 65, ["all.safetensors", "pictures"], "fewshot-features",
        importSafe.replacingOccurrences(of: "--images images", with: "--images pictures")),
    BadInput(
        "a cache folder of damaged files", 65, ["cache"], "fewshot-features",
        "import tip-adapter @cache --shots 1 -o @out"
    ) { scratch in
        for name in ["keys_1shots", "values_1shots", "val_f", "val_l", "test_f", "test_l"] {
            try put(scratch, "cache/\(name).pt", "PK\u{3}\u{4} and nothing else")
        }
    },
    BadInput(
        "a cache folder of empty files", 65, ["cache"], "fewshot-features",
        "import tip-adapter @cache --shots 1 -o @out"
    ) { scratch in
        for name in ["keys_1shots", "values_1shots", "val_f", "val_l", "test_f", "test_l"] {
            try put(scratch, "cache/\(name).pt", "")
        }
    },
    BadInput("no cache folder", 66, ["nowhere"], "fewshot-features", "import tip-adapter @nowhere --shots 1 -o @out"),
]

@Test(arguments: importRows) func badSourcesAreRefused(row: BadInput) throws {
    let scratch = try ScratchFolder()
    try writeSources(scratch)
    try row.prepare(scratch)
    try expectRefusal(row, scratch)
}

private let train = "--features @small --method tip-adapter-f --shots 2 --seeds 1 --epochs 2 -o @runs"

private let trainRows: [BadInput] = [
    BadInput("truncated h5", 65, ["train.h5"], "fewshot-train", train) {
        try damage($0, "small/train.h5") { $0.removeLast(100) }
    },
    BadInput("empty h5", 65, ["test.h5"], "fewshot-train", train) { try put($0, "small/test.h5", "") },
    BadInput("h5 with a flipped bit", 65, ["train.h5"], "fewshot-train", train) {
        try damage($0, "small/train.h5") { $0[$0.count / 2] ^= 4 }
    },
    BadInput("h5 that is something else", 65, ["val.h5"], "fewshot-train", train) {
        try put($0, "small/val.h5", String(repeating: "no features. ", count: 1000))
    },
    BadInput("features of two widths", 65, ["test.h5", "width 16", "width 8"], "fewshot-train", train) {
        try writeFeatures(to: $0.file("other"), width: 8)
        try put($0, "small/test.h5", $0.bytes("other/test.h5"))
    },
    BadInput("a part in another's place", 65, ["train.h5", "'val'"], "fewshot-train", train) {
        try put($0, "small/train.h5", $0.bytes("small/val.h5"))
    },
    BadInput("no features", 66, ["nowhere"], "fewshot-train", "--features @nowhere"),
    BadInput("no train part", 66, ["train.h5"], "fewshot-train", train) {
        try FileManager.default.removeItem(atPath: $0.file("small/train.h5"))
    },
    BadInput("no val part under the val protocol", 66, ["val.h5", "--protocol fixed"], "fewshot-train", train) {
        try FileManager.default.removeItem(atPath: $0.file("small/val.h5"))
    },
    BadInput("no test part under the paper protocol", 66, ["test.h5"], "fewshot-train", train + " --protocol paper") {
        try FileManager.default.removeItem(atPath: $0.file("small/test.h5"))
    },
    BadInput("no text for zero-shot", 66, ["text.h5"], "fewshot-train", "--features @small --method zero-shot -o @runs")
    { try FileManager.default.removeItem(atPath: $0.file("small/text.h5")) },
    BadInput("more shots than items", 65, ["train.h5", "--allow-fewer"], "fewshot-train", train + " --shots 16"),
    BadInput("an unknown method", 64, ["--method", "'tip'"], "fewshot-train", train + " --method tip"),
    BadInput("no method", 64, ["--method"], "fewshot-train", train + " --method ,"),
    BadInput("no shots", 64, ["--shots"], "fewshot-train", train + " --shots ,"),
    BadInput("shots that are no number", 64, ["--shots", "'x'"], "fewshot-train", train + " --shots 1,x"),
    BadInput("seeds that are none", 64, ["--seeds"], "fewshot-train", train + " --seeds 3-1"),
    BadInput("an unknown setting", 78, ["alfa"], "fewshot-train", train + " --set alfa=1"),
    BadInput(
        "a setting of an unknown method", 78, ["tip.alpha"], "fewshot-train", train + " --alpha 1 --set tip.alpha=2"),
    BadInput("a setting without a value", 64, ["--set"], "fewshot-train", train + " --set alpha"),
    BadInput("a setting of another kind", 78, ["alpha", "'x'"], "fewshot-train", train + " --set alpha=x"),
    BadInput("a setting that is no number", 78, ["alpha"], "fewshot-train", train + " --set alpha=nan"),
    BadInput("a setting out of range", 78, ["lr"], "fewshot-train", train + " --set lr=-1"),
    BadInput("a fraction of an epoch", 78, ["epochs"], "fewshot-train", train + " --set epochs=1.5"),
    BadInput("a huge number of epochs", 78, ["epochs"], "fewshot-train", train + " --set epochs=1e300"),
    BadInput("no settings file", 66, ["s.yaml"], "fewshot-train", train + " --config @s.yaml"),
    BadInput("an empty settings file", 65, ["s.yaml"], "fewshot-train", train + " --config @s.yaml") {
        try put($0, "s.yaml", "")
    },
    BadInput("a settings file that is no YAML", 65, ["s.yaml"], "fewshot-train", train + " --config @s.yaml") {
        try put($0, "s.yaml", "alpha: [1, 2\nbeta: }")
    },
    BadInput("a settings file without keys", 65, ["s.yaml"], "fewshot-train", train + " --config @s.yaml") {
        try put($0, "s.yaml", "- 1\n- 2\n")
    },
    BadInput("a nested settings file", 65, ["s.yaml"], "fewshot-train", train + " --config @s.yaml") {
        try put($0, "s.yaml", String(repeating: "[", count: 100_000))
    },
    BadInput("a huge settings file", 65, ["s.yaml"], "fewshot-train", train + " --config @s.yaml") {
        try put($0, "s.yaml", String(repeating: "# nothing\n", count: 200_000))
    },
    BadInput("an unknown key", 78, ["s.yaml", "init_alfa"], "fewshot-train", train + " --config @s.yaml") {
        try put($0, "s.yaml", "init_alfa: 1\n")
    },
    BadInput("orders of one axis", 65, ["orders.npy"], "fewshot-train", train + " --batch-order @orders.npy") {
        try npy($0, "orders.npy", Tensor([0, 1, 2], shape: [3]))
    },
    BadInput("orders that are no integers", 65, ["orders.npy"], "fewshot-train", train + " --batch-order @orders.npy") {
        try npy($0, "orders.npy", Tensor([Float](repeating: 0, count: 12), shape: [2, 6]))
    },
    BadInput("orders that are no permutation", 65, ["order"], "fewshot-train", train + " --batch-order @orders.npy") {
        try npy($0, "orders.npy", Tensor([0, 1, 2, 3, 4, 4, 0, 1, 2, 3, 4, 5], shape: [2, 6]))
    },
    BadInput("orders of other items", 65, ["order"], "fewshot-train", train + " --batch-order @orders.npy") {
        try npy($0, "orders.npy", Tensor([0, 1, 2, 3, 0, 1, 2, 3], shape: [2, 4]))
    },
    BadInput("orders of too few epochs", 65, ["order"], "fewshot-train", train + " --batch-order @orders.npy") {
        try npy($0, "orders.npy", Tensor([0, 1, 2, 3, 4, 5], shape: [1, 6]))
    },
    BadInput("an output that is a file", 73, ["taken"], "fewshot-train", train + " -o @taken") {
        try put($0, "taken", "mine")
    },
    BadInput("an unknown flag", 64, ["--alfa"], "fewshot-train", train + " --alfa 1"),
    BadInput("no features named", 64, ["--features"], "fewshot-train", "--method zero-shot"),
    BadInput("an unknown protocol", 64, ["best"], "fewshot-train", train + " --protocol best"),
    BadInput(
        "a class that there is not", 78, ["--classes", "'aple'", "apple"], "fewshot-train", train + " --classes aple"),
    BadInput("new classes of a study of all", 78, ["--evaluate", "base"], "fewshot-train", train + " --evaluate new"),
    BadInput("no features to evaluate on", 66, ["nowhere"], "fewshot-train", train + " --evaluate nowhere"),
    BadInput("no study file", 66, ["s.yaml"], "fewshot-train", "run @s.yaml"),
    BadInput("a study file of unknown keys", 78, ["s.yaml", "feature"], "fewshot-train", "run @s.yaml") {
        try put($0, "s.yaml", "feature: small\n")
    },
    BadInput("a study file without features", 64, ["--features"], "fewshot-train", "run @s.yaml") {
        try put($0, "s.yaml", "shots: [1]\n")
    },
    BadInput("nothing to resume", 66, ["study.json"], "fewshot-train", "run --resume -o @runs"),
    BadInput(
        "a start that is no safetensors", 65, ["s.safetensors"], "fewshot-train", train + " --initial @s.safetensors"
    ) {
        try put($0, "s.safetensors", "no tensors")
    },
]

@Test(arguments: trainRows) func badStudiesAreRefused(row: BadInput) throws {
    let scratch = try ScratchFolder()
    try FileManager.default.createDirectory(atPath: scratch.file("small"), withIntermediateDirectories: true)
    try writeFeatures(to: scratch.file("small"))
    try row.prepare(scratch)
    try expectRefusal(row, scratch)
    #expect(files(in: scratch.file("runs")).isEmpty)
}

private let run = "@runs/small/tip-adapter-f.2shot.s1.val"
private let runName = "runs/small/tip-adapter-f.2shot.s1.val"
private let eval = "eval --run \(run) --features @small"

private let runRows: [BadInput] = [
    BadInput("images without weights", 64, ["--model"], "fewshot-train", "predict --run \(run) x.jpg"),
    BadInput(
        "weights that are not there", 66, ["nowhere"], "fewshot-train", "predict --run \(run) x.jpg --model nowhere"),
    BadInput("a prediction of no run", 66, ["nothing"], "fewshot-train", "predict --run @nothing @small"),
    BadInput(
        "keys as one weight matrix", 65, ["tip-adapter-f"], "fewshot-train", "export --run \(run) -o @f.safetensors"),
    BadInput("results that are not there", 66, ["nowhere"], "fewshot-report", "table @nowhere.jsonl"),
    BadInput("results that are none", 65, ["results.jsonl", "line 1"], "fewshot-report", "table @results.jsonl") {
        try put($0, "results.jsonl", "no result\n")
    },
    BadInput("no run", 66, ["nothing"], "fewshot-train", "eval --run @nothing --features @small"),
    BadInput("no adapter", 66, ["adapter.safetensors"], "fewshot-train", eval) {
        try FileManager.default.removeItem(atPath: $0.file("\(runName)/adapter.safetensors"))
    },
    BadInput("truncated adapter", 65, ["adapter.safetensors"], "fewshot-train", eval) {
        try damage($0, "\(runName)/adapter.safetensors") { $0.removeLast(9) }
    },
    BadInput("empty adapter", 65, ["adapter.safetensors"], "fewshot-train", eval) {
        try put($0, "\(runName)/adapter.safetensors", "")
    },
    BadInput("adapter with a flipped bit", 65, ["adapter.safetensors"], "fewshot-train", eval) {
        try damage($0, "\(runName)/adapter.safetensors") { $0[$0.count - 10] ^= 1 }
    },
    BadInput("another program's tensors", 65, ["adapter.safetensors"], "fewshot-train", eval) {
        let tensors = ["x": Tensor([Float](repeating: 1, count: 4), shape: [2, 2])]
        try writeSafetensors(tensors, to: $0.file("\(runName)/adapter.safetensors"))
    },
    BadInput(
        "features of another width", 65, ["other", "8 wide"], "fewshot-train", "eval --run \(run) --features @other"
    ) {
        try FileManager.default.createDirectory(atPath: $0.file("other"), withIntermediateDirectories: true)
        try writeFeatures(to: $0.file("other"), width: 8)
    },
    BadInput("no test part", 66, ["test.h5"], "fewshot-train", eval) {
        try FileManager.default.removeItem(atPath: $0.file("small/test.h5"))
    },
    BadInput("prompts as a part", 64, ["part"], "fewshot-train", eval + " --part text"),
    BadInput("damaged adapter of a finished run", 65, ["adapter.safetensors", "--replace"], "fewshot-train", train) {
        try damage($0, "\(runName)/adapter.safetensors") { $0[$0.count - 10] ^= 1 }
    },
    BadInput("lost adapter of a finished run", 66, ["adapter.safetensors", "--replace"], "fewshot-train", train) {
        try FileManager.default.removeItem(atPath: $0.file("\(runName)/adapter.safetensors"))
    },
    BadInput("truncated record", 65, ["run.json", "--replace"], "fewshot-train", train) {
        try damage($0, "\(runName)/run.json") { $0.removeLast(30) }
    },
    BadInput("empty record", 65, ["run.json"], "fewshot-train", train) { try put($0, "\(runName)/run.json", "") },
    BadInput("record with another result", 65, ["run.json"], "fewshot-train", train) {
        let text = String(decoding: $0.bytes("\(runName)/run.json"), as: UTF8.self)
        try put($0, "\(runName)/run.json", text.replacingOccurrences(of: "\"seed\" : 1", with: "\"seed\" : 2"))
    },
    BadInput("nested record", 65, ["run.json"], "fewshot-train", train) {
        try put($0, "\(runName)/run.json", String(repeating: "[", count: 200_000))
    },
    BadInput(
        "other settings in the same output", 73, ["settings.lr", "0.001", "0.25"], "fewshot-train", train + " --lr 0.25"
    ),
    BadInput("other features in the same output", 73, ["a run whose test is"], "fewshot-train", train) {
        try writeFeatures(to: $0.file("other"), count: 33)
        try put($0, "small/test.h5", $0.bytes("other/test.h5"))
    },
]

@Test(arguments: runRows) func badRunsAreRefused(row: BadInput) throws {
    let scratch = try ScratchFolder()
    try FileManager.default.createDirectory(atPath: scratch.file("small"), withIntermediateDirectories: true)
    try FileManager.default.createDirectory(atPath: scratch.file("other"), withIntermediateDirectories: true)
    try writeFeatures(to: scratch.file("small"))
    let root = scratch.path
    let first = try ToolRun("fewshot-train", words(train, in: root))
    #expect(first.status == 0, "\(first.messages)")
    try row.prepare(scratch)
    try expectRefusal(row, scratch)
}

@Test func aFullDiskWhileTrainingLeavesWhatThereWas() throws {
    let scratch = try ScratchFolder()
    try FileManager.default.createDirectory(atPath: scratch.file("small"), withIntermediateDirectories: true)
    try writeFeatures(to: scratch.file("small"), width: 256)
    let root = scratch.path
    #expect(
        try ToolRun("fewshot-train", words(train, in: root)).status
            == 0)
    // Blocks of 512 bytes; the adapter is larger.
    let row = BadInput("a full disk", 74, ["adapter.safetensors"], "fewshot-train", train + " --lr 0.25 --replace")
    try expectRefusal(row, scratch, shell: "ulimit -f 4;")
}

@Test(.enabled(if: Machine.mayMount)) func aReadOnlyFolderIsNoOutput() throws {
    let scratch = try ScratchFolder()
    let root = scratch.path
    for name in ["small", "fixed"] {
        try FileManager.default.createDirectory(atPath: scratch.file(name), withIntermediateDirectories: true)
    }
    try writeFeatures(to: scratch.file("small"))
    try #require(try ToolRun("mount", ["-t", "tmpfs", "-o", "size=1m,ro", "tmpfs", scratch.file("fixed")]).status == 0)
    defer { _ = try? ToolRun("umount", ["\(root)/fixed"]) }
    let row = BadInput(
        "a read-only folder", 73, ["fixed"], "fewshot-train",
        train + " -o @fixed/runs")
    try expectRefusal(row, scratch)
}

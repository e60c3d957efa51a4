internal import Archives
internal import Catalog
internal import Core
internal import Foundation
internal import SplitImport
internal import Splits

/// The targets of splits, lists, archives, annotations and prompts.
let datasetTargets: [Target] = [
    Target("split") { input, scratch throws(Fault) in
        let path = scratch.write(input, "split_zhou_DescribableTextures.json")
        try tolerating { () throws(Fault) in _ = try SplitImport.coOp(path) }
        let split = try SplitFile(path: path).split
        for selection in [ClassSelection.base, .new] {
            try tolerating { () throws(Fault) in _ = try split.selecting(selection) }
        }
    },
    Target("list") { input, scratch throws(Fault) in
        _ = try SplitImport.list(scratch.write(input, "list.csv"))
    },
    Target("list-json") { input, scratch throws(Fault) in
        _ = try SplitImport.list(scratch.write(input, "list.json"))
    },
    Target("image-folder-csv") { input, scratch throws(Fault) in
        try importImageFolder(input, "metadata.csv", scratch)
    },
    Target("image-folder-jsonl") { input, scratch throws(Fault) in
        try importImageFolder(input, "metadata.jsonl", scratch)
    },
    Target("tar") { input, scratch throws(Fault) in
        let path = scratch.write(input.first == 0x1F ? input : mendedTar(input), "a.tar")
        for labels in SplitImport.LabelSource.allCases.map(Optional.some) + [nil] {
            var settings = SplitImport.Settings()
            settings.labels = labels
            try tolerating { () throws(Fault) in _ = try SplitImport.tar([path], settings) }
        }
        // Members are read at their offset, by another reader than the one that lists them.
        try readItems(scratch) { () throws(Fault) in try SplitImport.tar([path]) }
    },
    Target("parquet") { input, scratch throws(Fault) in
        let path = scratch.write(input, "a.parquet")
        try readItems(scratch) { () throws(Fault) in try SplitImport.parquet([path]) }
    },
    Target("mat") { input, scratch throws(Fault) in try readMat(scratch.write(input, "a.mat")) },
    // The same elements, compressed.
    Target("mat-packed") { input, scratch throws(Fault) in
        try readMat(scratch.write(packedMat(input), "a.mat"))
    },
    Target("prompts") { input, scratch throws(Fault) in try readPrompts(scratch.write(input, "prompts.txt")) },
    Target("prompts-json") { input, scratch throws(Fault) in try readPrompts(scratch.write(input, "prompts.json")) },
    Target("names") { input, scratch throws(Fault) in
        for name in ["names.txt", "names.csv", "names.json", "names.yaml"] {
            let path = scratch.write(input, name)
            try tolerating { () throws(Fault) in _ = try NameList.read(path) }
            try tolerating { () throws(Fault) in _ = try ClassSelection(path) }
        }
    },
    // The first byte chooses a file of a data set's own annotations.
    Target("annotations", seeds: { _ throws(Fault) in RawTree.seeds }) { input, scratch throws(Fault) in
        guard let first = input.first else { return }
        let (tree, file) = RawTree.annotations[Int(first) % RawTree.annotations.count]
        tree.write(to: scratch)
        defer { scratch.write(file.bytes, "raw/\(file.path)") }
        scratch.write(Array(input.dropFirst()), "raw/\(file.path)")
        _ = try Catalog.require(tree.dataset).build(
            root: scratch.file("raw"), from: .raw,
            index: tree.needsIndex ? scratch.file("raw/\(tree.dataset).txt") : nil)
    },
    Target("index") { input, scratch throws(Fault) in
        scratch.makeFolder("empty/\(try Catalog.require("eurosat").folder)")
        _ = try Catalog.require("eurosat").build(
            root: scratch.file("empty"), from: .raw, index: scratch.write(input, "index.txt"))
    },
]

/// Reads some of the items that an import has found in an archive.
private func readItems(_ scratch: Scratch, _ found: () throws(Fault) -> ImportedSplit) throws(Fault) {
    let split = try found().split
    // The pages of a small file may claim a large size.
    let source = ItemSource(folder: scratch.path, pageBytes: 1 << 20)
    for item in (Array(split.train.prefix(8)) + split.val.prefix(4) + split.test.prefix(4)) {
        try tolerating { () throws(Fault) in
            let content = try source.content(of: item.path)
            let bytes = try content.bytes()
            precondition(bytes.count == content.byteCount, "\(bytes.count) bytes of \(content.byteCount)")
        }
    }
}

private func importImageFolder(_ input: [UInt8], _ name: String, _ scratch: Scratch) throws(Fault) {
    let folder = "images-\(name)"
    scratch.makeFolder("\(folder)/train")
    for image in ["0.jpg", "1.jpg", "2.jpg"] { scratch.write([UInt8](), "\(folder)/\(image)") }
    scratch.write(input, "\(folder)/\(name)")
    _ = try SplitImport.imageFolder(scratch.file(folder))
}

private func readMat(_ path: String) throws(Fault) {
    let file = try MatFile(path: path)
    for name in ["labels", "setid", "trnid"] { try tolerating { () throws(Fault) in _ = try file.rowVector(name) } }
    for name in ["class_names", "labels"] { try tolerating { () throws(Fault) in _ = try file.cells(name) } }
    for name in ["annotations", "labels"] {
        try tolerating { () throws(Fault) in _ = try file.structs(name, text: "fname", number: "class") }
    }
}

/// A MATLAB file of version 5 with `element` as its one compressed element.
private func packedMat(_ element: [UInt8]) -> [UInt8] {
    let stream = storedZlib(element)
    return [UInt8](repeating: 32, count: 124) + [0, 1, 0x49, 0x4D] + littleEndian([(15, 4), (UInt64(stream.count), 4)])
        + stream
}

private func readPrompts(_ path: String) throws(Fault) {
    let choice = try PromptChoice(path, dataset: "caltech101")
    _ = try choice.prompts(for: ["accordion", "airplane"])
}

/// A synthetic data set of the tests' fixtures.
private struct RawTree: Decodable {
    struct File: Decodable {
        /// The path below the data root.
        let path: String
        let bytes: [UInt8]
        let isImage: Bool

        init(from decoder: any Decoder) throws {
            var values = try decoder.unkeyedContainer()
            path = try values.decode(String.self)
            isImage = try values.decodeNil()
            if isImage {
                bytes = []
            } else if let text = try? values.decode(String.self) {
                bytes = Array(text.utf8)
            } else {
                bytes = Array(Data(base64Encoded: try values.decode([String: String].self)["base64"] ?? "") ?? Data())
            }
        }
    }

    let dataset: String
    let files: [File]

    static let all: [RawTree] = {
        do {
            return try JSONDecoder().decode(
                [RawTree].self, from: Data(checkoutBytes("Tests/Fixtures/raw_trees.json")))
        } catch { fail("raw_trees.json: \(error)") }
    }()

    static let annotations: [(RawTree, File)] = all.flatMap { tree in
        tree.files.filter { !$0.isImage }.map { (tree, $0) }
    }

    static let seeds: [(name: String, bytes: [UInt8])] = annotations.enumerated().map { place, annotation in
        ("\(place)", [UInt8(place)] + annotation.1.bytes)
    }

    var needsIndex: Bool { files.contains(where: \.isImage) }

    /// Creates the files and the list of the images, once.
    func write(to scratch: Scratch) {
        guard scratch.bytes("raw/\(dataset).txt").isEmpty else { return }
        for file in files where !file.isImage {
            scratch.makeFolder("raw/\(parentFolder(of: file.path))")
            scratch.write(file.bytes, "raw/\(file.path)")
        }
        let images = files.filter(\.isImage).map { $0.path.split(separator: "/").dropFirst().joined(separator: "/") }
        scratch.write(images.joined(separator: "\n") + "\n", "raw/\(dataset).txt")
    }
}

import Core
import Extraction
import FeatureStore
import Foundation
import SplitImport
import Splits
import TestSupport
import Testing

/// Images at `pack/0`, `pack/1` and so on, in a folder or archive `pack`.
private struct PackedImages: ~Copyable {
    let scratch: ScratchFolder
    let images: [[UInt8]]
    private let split: String

    init() throws {
        let scratch = try ScratchFolder()
        let images = try ["rgb.jpg", "gray.jpg", "rgb.png", "plain.gif", "plain.bmp", "alpha.png", "lossless.webp"].map
        {
            try bytes(of: fixture("images/\($0)"))
        }
        let items = ItemList(images.indices.map { Item(path: "pack/\($0)", label: $0 % 2) })
        let split = scratch.file("pack.split.json")
        _ = try Split(
            dataset: "pack", root: ".", classes: ["cat", "dog"],
            items: [.train: items, .val: ItemList(items.prefix(2)), .test: ItemList(items.suffix(3))],
            provenance: Provenance(tool: "test", inputs: [], settings: [:]), path: split
        ).publish(to: split, replaces: false)
        self.images = images
        self.split = split
        self.scratch = scratch
    }

    /// A build of the images below the folder `root`.
    func build(_ root: String) throws -> FeatureBuild {
        var build = FeatureBuild(
            split: split, root: scratch.file(root), model: fixture("../../Demo/tiny-clip"),
            output: scratch.file("features of \(root)"))
        build.prompts = [try scratch.write("a photo of a {}.\n", "templates.txt")]
        build.precision = .float32
        build.views = 2
        return build
    }
}

@Test func featuresDoNotTellWhetherImagesWereFilesMembersOrRows() throws {
    let pack = try PackedImages()
    for (number, bytes) in pack.images.enumerated() { try pack.scratch.write(bytes, "files/pack/\(number)") }
    try pack.scratch.write(storedTar(pack.images.enumerated().map { ("./\($0)", $1) }), "tar/pack")
    try pack.scratch.write(bytes(of: fixture("archives/hf-train.parquet")), "parquet/pack")
    let files = try pack.build("files")
    try files.run()
    #expect(files.files.count == 5)
    for root in ["tar", "parquet"] {
        let build = try pack.build(root)
        try build.run()
        for (name, bytes) in files.files where name != "sources.json" { #expect(build.files[name] == bytes, "\(root)") }
    }
    for root in ["files", "tar", "parquet"] {
        #expect(try Verification(of: files.output, images: pack.scratch.file(root)).isSound, "\(root)")
    }
    try pack.scratch.write(storedTar(pack.images.enumerated().map { ("\($0)", $1 + [0]) }), "tar/pack")
    #expect(try !Verification(of: files.output, images: pack.scratch.file("tar")).isSound)
}

@Test func membersThatAreMissingOrTwiceThereAreListed() throws {
    let pack = try PackedImages()
    let members = pack.images.enumerated().map { ("\($0)", $1) }
    let last = members.count - 1
    let build = try pack.build("tar")
    for (kept, list) in [
        (members.dropLast(), "train\tpack/\(last)\tfound no such member in the archive.\n"),
        (members + [members[0]], "val\tpack/0\tfound 2 members of this name, expected one; make the archive again.\n"),
    ] {
        try pack.scratch.write(storedTar(Array(kept)), "tar/pack")
        let refused = fault { try build.run() }
        #expect(refused?.status == .badData && refused?.subject == "\(build.output)/errors.tsv")
        #expect(pack.scratch.text("features of tar/errors.tsv").contains(list))
    }
}

@Test func aCompressedArchiveIsRefusedInItsOwnSentence() throws {
    let pack = try PackedImages()
    let archive = try pack.scratch.write([0x1F, 0x8B] + [UInt8](repeating: 0, count: 100), "tar/pack")
    let refused = fault { try pack.build("tar").run() }
    #expect(refused?.subject == archive && refused?.found == "a tar archive in gzip")
}

import CLIP
import Core
import Extraction
import FeatureStore
import Foundation
import Images
import Kernels
import Splits
import TestSupport
import Testing

@Test func aBuildHoldsWhatTheEncoderMakesOfEachView() throws {
    let small = try SmallBuild()
    let outcome = try small.build.run()
    #expect(outcome.files.map(\.views) == [3, 1, 1, 2] && outcome.files.map(\.count) == [64, 16, 160, 16])
    let split = try small.split
    let train = try small.build.file(.train)
    #expect(try train.ids() == split.train.map(\.path) && train.labels() == split.train.labels)
    let encoder = try ImageEncoder(CLIPModel(path: small.build.model), precision: .float32)
    var preprocessor = try Preprocessor(Preprocessing(size: encoder.inputSize))
    for (item, view) in [(0, 0), (0, 1), (17, 2), (63, 2)] {
        let path = try small.image(.train, item)
        var pixels = [Float](repeating: 0, count: 3 * 48 * 48)
        var span = pixels.mutableSpan
        try preprocessor.write(
            ViewKey(seed: 1, item: split.train[item].path, view: view), of: ImagePixels(path: path), path: path,
            into: &span)
        var stored: [Float] = []
        try train.read(rows: [item], view: view, into: &stored)
        #expect(stored == encoder.encode(pixels.span, count: 1).elements.map { Float(Float16($0)) })
    }
    let sums = try #require(try train.imageChecksums())
    let image = try bytes(of: small.image(.train, 5))
    let sum = unsafe checksum(image.span.bytes)
    #expect(sums[5] == sum)
}

@Test func textFeaturesAreTheEncodersOfEachPrompt() throws {
    let small = try SmallBuild()
    try small.build.run()
    let text = try TextFeatures(path: "\(small.build.output)/text.h5")
    #expect(text.prompts[3] == ["a photo of a \(text.classes[3]).", "a drawing of a \(text.classes[3])."])
    let model = try CLIPModel(path: small.build.model)
    let tokens = try model.tokenizer().encode(text.prompts[3][1], context: 24, truncates: false)
    let features = try TextEncoder(model, precision: .float32).encode(tokens: [tokens]).elements
    #expect(Array(text.values[(3 * 2 + 1) * 64 ..< (3 * 2 + 2) * 64]) == features.map { Float(Float16($0)) })
}

@Test func aBuildNotesClippedGrayValues() throws {
    let small = try SmallBuild()
    for index in 0 ..< 2 { try small.replaceImage(.train, index, by: bytes(of: fixture("images/gray16.png"))) }
    var notes: [String] = []
    var events = BuildEvents()
    events.note = { notes.append($0) }
    try small.build.run(events)
    #expect(notes.count { $0.hasPrefix("2 of 240 images have gray values of more than 8 bits") } == 1, "\(notes)")
}

@Test func neitherThreadsNorMemoryNorStyleOfWorkChangesABit() throws {
    let small = try SmallBuild()
    try small.build.run()
    for (threads, memory) in [(1, 1 << 30), (3, 300 << 20), (7, 1 << 32)] {
        let other = small.build("other\(threads)") {
            $0.threads = threads
            $0.memory = memory
        }
        try other.run()
        #expect(other.files == small.build.files)
    }
}

@Test func aSecondBuildIsReusedAndAnyOtherSettingIsNamed() throws {
    let small = try SmallBuild()
    try small.build.run()
    let before = small.build.files
    let again = try small.build.run()
    #expect(again.isReused && again.encoded == 0)
    let changes: [(String, (inout FeatureBuild) -> Void)] = [
        ("views", { $0.views = 3 }), ("view seed", { $0.viewSeed = 2 }), ("augmentation", { $0.augmentation = .dassl }),
        ("passes", { $0.passes = .fixed }), ("dtype", { $0.type = .float32 }),
        ("activation", { $0.activation = .gelu }), ("prompts", { $0.prompts = ["tip"] }),
        ("truncate", { $0.truncates = true }), ("scheme", { $0.samples = SampleRequest(shots: [1], seeds: [1]) }),
    ]
    for (field, change) in changes {
        let refused = fault { try small.build("features", change).run() }
        #expect(refused?.status == .cannotCreate && refused?.found.contains("with \(field) ") == true, "\(field)")
    }
    #expect(small.build.files == before)
    let replaced = try small.build("features") {
        $0.type = .float32
        $0.replaces = true
    }.run()
    #expect(!replaced.isReused && small.build.files != before)
}

@Test func damagedFeaturesAndMendedImagesAreMadeAnewOnRequestOnly() throws {
    let small = try SmallBuild()
    try small.build.run()
    let before = small.build.files
    var damaged = try #require(before["val.h5"])
    damaged[try featuresOffset(damaged) + 100] ^= 4
    try damaged.write(to: URL(filePath: "\(small.build.output)/val.h5"))
    #expect(try small.build.run().isReused)
    var again = small.build
    again.replaces = true
    let outcome = try again.run()
    #expect(outcome.files.filter { !$0.isReused }.map(\.part) == [.val])
    #expect(small.build.files == before)
    #expect(try again.run().isReused)
    // One item gets the image of another.
    try small.replaceImage(.test, 0, by: bytes(of: small.image(.test, 11)))
    #expect(try small.build.run().isReused)
    #expect(try again.run().files.filter { !$0.isReused }.map(\.part) == [.test])
    #expect(small.build.files["test.h5"] != before["test.h5"])
}

/// The offset of the features in a feature file, from its header.
func featuresOffset(_ file: Data) throws -> Int {
    struct Seal: Decodable {
        struct Payload: Decodable { var name: String, offset: Int }
        var payloads: [Payload]
    }
    let seal = try JSONDecoder().decode(Seal.self, from: file.split(separator: UInt8(ascii: "\n"))[1])
    return try #require(seal.payloads.first { $0.name == "features" }).offset
}

@Test func moreViewsPromptsAndSamplesAreAddedWithoutEncodingTheOthersAgain() throws {
    let small = try SmallBuild()
    let few = small.build("features") { $0.samples = SampleRequest(shots: [1], seeds: [1]) }
    try few.run()
    let more = small.build("features") { $0.samples = SampleRequest(shots: [1, 2], seeds: [1, 2]) }
    #expect(fault { try more.run() }?.remedy.contains("extend") == true)
    let prompts = try small.scratch.write("a drawing of a {}.\na {}.\na photo of a {}.\n", "more.txt")
    let changes: [(inout FeatureBuild) -> Void] = [
        { $0.samples = SampleRequest(shots: [1, 2], seeds: [1, 2]) }, { $0.views = 5 }, { $0.prompts = [prompts] },
    ]
    var wanted = few
    var counts: [Int] = []
    for change in changes {
        change(&wanted)
        wanted.extends = true
        counts.append(try wanted.run().encoded)
        wanted.extends = false
        var whole = wanted
        whole.output = small.scratch.file("whole\(counts.count)")
        try whole.run()
        #expect(wanted.files == whole.files)
    }
    let items = try wanted.file(.train).count
    // First new items with three views each and val items with one, then three more views per item, then no image.
    #expect(counts[0] < 3 * items && counts[1] == 3 * items && counts[2] == 0)
}

@Test func aPromptThatIsTooLongIsRefusedBeforeAnyWork() throws {
    let small = try SmallBuild()
    let long = try small.scratch.write("a {} " + String(repeating: "very ", count: 40) + "\n", "long.txt")
    let build = small.build("features") { $0.prompts = [long] }
    let refused = fault { try build.run() }
    let name = try small.split.classes[0]
    #expect(refused?.status == .badData && refused?.subject == "the class '\(name)'")
    #expect(refused?.found.contains("tokens in the prompt 'a \(name) very very ") == true)
    #expect(refused?.found.contains("' of \(long)") == true)
    #expect(refused?.remedy.contains("shorten the class's name or the template, or cut such prompts with") == true)
    #expect(build.files.isEmpty)
    let truncated = small.build("features") {
        $0.prompts = [long]
        $0.truncates = true
    }
    #expect(try truncated.run().files.last?.views == 1)
}

@Test func aSentenceThatIsTooLongIsRefusedWithItsClassAndFile() throws {
    let small = try SmallBuild()
    let classes = try small.split.classes
    let texts = classes.map { $0 == classes[3] ? String(repeating: "round ", count: 40) : "a badge" }
    let entries = zip(classes, texts).map { "\"\($0)\": [\"\($1)\"]" }.joined(separator: ",")
    let path = try small.scratch.write("{\(entries)}", "sentences.json")
    let build = small.build("features") { $0.prompts = [path] }
    let refused = fault { try build.run() }
    #expect(refused?.subject == "the class '\(classes[3])'" && refused?.found.contains("' of \(path)") == true)
    #expect(refused?.remedy.contains("shorten the sentence, or cut such prompts with") == true)
}

@Test func aMissingVocabularyIsSaidToBeInOpenCLIP() throws {
    let small = try SmallBuild()
    for name in ["open_clip_config.json", "open_clip_model.safetensors"] {
        try small.scratch.write(bytes(of: "\(small.build.model)/\(name)"), "lone/\(name)")
    }
    let lone = small.scratch.file("lone")
    let build = small.build("features") { $0.model = lone }
    let refused = fault { try build.run() }
    #expect(refused?.status == .noInput)
    #expect(refused?.remedy.contains("open_clip/bpe_simple_vocab_16e6.txt.gz") == true)
}

@Test func aPlanIsToldWithoutBeingDone() throws {
    let small = try SmallBuild()
    let summary = try small.build.summary()
    #expect(summary.files.map(\.outcome) == ["made", "made", "made", "made"] && summary.texts == 32)
    #expect(!FileManager.default.fileExists(atPath: small.build.output))
    try small.build.run()
    #expect(try small.build.summary().files.map(\.outcome) == ["reused", "reused", "reused", "reused"])
}

@Test func anImageOfMorePixelsThanThereAreNumbersIsRefused() throws {
    let small = try SmallBuild()
    // A TIFF directory with 2^32 - 1 columns and as many rows.
    let sizes: [UInt8] = [0, 1, 4, 0, 1, 0, 0, 0, 255, 255, 255, 255, 1, 1, 4, 0, 1, 0, 0, 0, 255, 255, 255, 255]
    let tiff: [UInt8] = [0x49, 0x49, 0x2A, 0, 8, 0, 0, 0, 2, 0] + sizes + [0, 0, 0, 0]
    try small.replaceImage(.train, 0, by: tiff)
    let refusal = fault { _ = try small.build.run() }
    #expect(refusal?.status == .badData && "\(refusal.map(\.description) ?? "")".contains("4294967295"))
}

@Test func singleImagesHaveTheFeaturesThatABuildGivesThem() throws {
    let small = try SmallBuild()
    try small.build.run()
    let images = try ImageFileEncoder(model: small.build.model, precision: .float32)
    let test = try FeatureFile(path: "\(small.build.output)/test.h5")
    let paths = try (0 ..< 7).map { try small.image(.test, $0) }
    let features = try images.features(of: paths)
    var stored: [Float] = []
    try test.read(rows: Array(0 ..< 7), view: 0, into: &stored)
    // The file holds float16.
    #expect(features.elements.map { Float(Float16($0)) } == stored)
    #expect(try test.provenance().inputs.contains { $0.role == "weights" && $0.digest == images.weights })
    #expect(fault { _ = try images.features(of: [paths[0], "nowhere.jpg"]) }?.status == .noInput)
}

import Catalog
import Core
import Foundation
import SplitImport
import Splits
import TestSupport
import Testing

/// MATLAB files of `make_raw_trees.py` and SciPy's reading of them.
private struct Mats: Decodable {
    struct File: Decodable {
        let name: String
        let base64: Data
        let values: [Int]?
    }
    let read: [File]
    let refused: [File]

    static func load() throws -> Mats { try JSONDocument.read(Mats.self, from: fixture("raw_mats.json"), expected: "") }
}

@Test func everyKindOfNumberIsReadAsSciPyReadsIt() throws {
    let scratch = try ScratchFolder()
    let files = try Mats.load().read
    #expect(files.count > 20)
    for file in files {
        let mat = try MatFile(path: scratch.write(file.base64, "a.mat"))
        #expect(try mat.rowVector("labels") == file.values, "\(file.name)")
    }
}

@Test func anArrayThatIsNotARowOfIntegersIsRefused() throws {
    let scratch = try ScratchFolder()
    for file in try Mats.load().refused {
        let path = try scratch.write(file.base64, "a.mat")
        let refused = fault { _ = try MatFile(path: path).rowVector("labels") }
        #expect(refused?.status == .badData && refused?.subject == path, "\(file.name)")
        if file.name.contains("7.3") || file.name.contains("HDF5") {
            #expect(refused?.description.contains("7.3") == true, "\(file.name)")
        }
    }
}

@Test func theWrongVariableIsRefused() throws {
    let root = try DataRoot("stanford_cars")
    let file = try MatFile(path: "\(root.path)/stanford_cars/devkit/cars_meta.mat")
    #expect(try file.cells("class_names").count == 4)
    #expect(fault { _ = try file.rowVector("class_names") }?.status == .badData)
    #expect(fault { _ = try file.cells("annotations") }?.status == .badData)
    #expect(fault { _ = try file.structs("class_names", text: "fname", number: "class") }?.status == .badData)
}

/// Mutations of small files: plain, compressed, and plain ones packed into a valid compressed element, so that the
/// checksum does not hide the damage.
@Test(arguments: ["cars_test_annos_withlabels.mat", "devkit/cars_train_annos.mat", "devkit/cars_meta.mat"])
func damageIsRefusedOrHarmless(_ name: String) throws {
    let scratch = try ScratchFolder()
    let tree = try RawTree.named("stanford_cars")
    let content = try #require(tree.files.first { $0.path == "stanford_cars/\(name)" }?.content)
    var dice = Dice(seed: UInt64(name.utf8.count))
    var opened = 0
    var refused = 0
    for round in 0 ..< 800 {
        var bytes = Array(content)
        for _ in 0 ... dice.below(2) { dice.damage(&bytes, dense: bytes.count) }
        if round % 3 == 0, bytes.count > 128 { bytes = Array(bytes[..<128]) + packed(Array(bytes[128...])) }
        if bytes.isEmpty { continue }
        let path = try scratch.write(bytes, "a.mat")
        do throws(Fault) {
            let file = try MatFile(path: path)
            _ = try? file.rowVector("labels")
            _ = try? file.cells("class_names")
            _ = try? file.structs("annotations", text: "fname", number: "class")
            opened += 1
        } catch {
            #expect(error.status == .badData)
            refused += 1
        }
    }
    #expect(opened > 10 && refused > 100, "\(opened) opened, \(refused) refused")
}

/// A compressed element that holds `bytes` in stored blocks.
private func packed(_ bytes: [UInt8]) -> [UInt8] {
    var stream: [UInt8] = [0x78, 0x01]
    for start in stride(from: 0, to: bytes.count, by: 65535) {
        let end = min(start + 65535, bytes.count)
        let count = UInt16(end - start)
        stream += [end == bytes.count ? 1 : 0] + littleEndian([(UInt64(count), 2), (UInt64(~count), 2)])
        stream += bytes[start ..< end]
    }
    var low: UInt32 = 1
    var high: UInt32 = 0
    for byte in bytes {
        low = (low + UInt32(byte)) % 65521
        high = (high + low) % 65521
    }
    stream += littleEndian([(UInt64(high << 16 | low), 4)]).reversed()
    return littleEndian([(15, 4), (UInt64(stream.count), 4)]) + stream
}

@Test(.enabled(if: sharedData("coop-splits") != nil))
func thePublishedFlowersAreThoseOfTheRuleWithSeedOne() throws {
    let root = try DataRoot("oxford_flowers", isEmpty: true)
    let published = try #require(sharedData("coop-splits"))
    let split = try SplitFile(path: "\(published)/split_zhou_OxfordFlowers.json").split
    // The labels by image, as in imagelabels.mat, in a file of version 4.
    var labels: [Int: Int] = [:]
    for item in Subset.allCases.flatMap({ split[$0] }) {
        labels[try #require(Int(item.path.dropFirst(6).prefix(5)))] = item.label + 1
    }
    #expect(labels.count == 8189 && labels.keys.max() == 8189)
    let header = littleEndian([0, 1, UInt64(labels.count), 0, 7].map { ($0, 4) }) + Array("labels\0".utf8)
    let values = littleEndian((1 ... labels.count).map { (Double(labels[$0] ?? 0).bitPattern, 8) })
    try root.write(Data(header + values), to: "oxford_flowers/imagelabels.mat")
    try root.write(Data(bytes(of: "\(published)/cat_to_name.json")), to: "oxford_flowers/cat_to_name.json")
    let built = try root.build()
    #expect(built.source == .raw && built.differences.isEmpty)
    #expect(built.split.classes == split.classes)
    for subset in Subset.allCases { #expect(built.split[subset] == split[subset]) }
}

@Test(arguments: [
    "DgAAAEAAAAAGAAAACAAAAAQAKwAAAAAABQAAAAgAAAAAAAAAAAC8AAEAAAAGAAAAbGFiZWxzAAANAAAABgAAbGVhAGxicwAA",
    "DgAAAKAAAAAGAAAACAAAAAEAAAAAAAAABQAAAAgAAAABAAAAAgAAAAEAAAAGAAAAbGFiZWxzAAAOAAAAMAAAAAYAAAAIAAAABAAA"
        + "AAAAAAAFAAAACAAAAAEAAAABAAAAAQAAAAAAAAAQAAEAYQAAAA4AAAAwAAAABgAAAAgAAAAEAAAAAAAAAAUAAAAIAAAAAAAAAJEA"
        + "AAABAAAAAgAAAAABAAAAAQAAAAYAAABsYWJlbHMAAAkAAAAIAAAAAAAAAAABAAAAAAAAAPD//v+eAAAA",
])
func anArrayWithoutValuesMayNotClaimGigabytes(_ base64: String) throws {
    let scratch = try ScratchFolder()
    // Found by fuzzing: an array without values, followed by an element that claims gigabytes.
    let element = try #require(Data(base64Encoded: base64))
    let header = Data(repeating: 32, count: 124) + Data([0, 1, 0x49, 0x4D])
    let path = try scratch.write(header + element, "a.mat")
    #expect(fault { _ = try MatFile(path: path).rowVector("labels") }?.status == .badData)
}

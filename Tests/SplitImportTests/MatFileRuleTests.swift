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

    static func load() throws -> Mats {
        try JSONDecoder().decode(Mats.self, from: Data(bytes(of: fixture("raw_mats.json"))))
    }
}

@Test func everyKindOfNumberIsReadAsSciPyReadsIt() throws {
    let root = try DataRoot()
    let files = try Mats.load().read
    #expect(files.count > 20)
    for file in files {
        try root.write(file.base64, to: "a.mat")
        let mat = try MatFile(path: "\(root.path)/a.mat")
        #expect(try mat.rowVector("labels") == file.values, "\(file.name)")
    }
}

@Test func anArrayThatIsNotARowOfIntegersIsRefused() throws {
    let root = try DataRoot()
    for file in try Mats.load().refused {
        try root.write(file.base64, to: "a.mat")
        let fault = #expect(throws: Fault.self, "\(file.name)") {
            _ = try MatFile(path: "\(root.path)/a.mat").rowVector("labels")
        }
        #expect(fault?.status == .badData, "\(file.name)")
        #expect(fault?.subject.hasSuffix("a.mat") == true, "\(file.name)")
    }
}

@Test func version73IsNamed() throws {
    let root = try DataRoot()
    for file in try Mats.load().refused where file.name.contains("7.3") || file.name.contains("HDF5") {
        try root.write(file.base64, to: "a.mat")
        let fault = #expect(throws: Fault.self) { _ = try MatFile(path: "\(root.path)/a.mat") }
        #expect(fault?.description.contains("7.3") == true)
    }
}

@Test func theWrongVariableIsRefused() throws {
    let root = try DataRoot()
    let tree = try RawTree.named("stanford_cars")
    try tree.write(to: root)
    let file = try MatFile(path: "\(root.path)/stanford_cars/devkit/cars_meta.mat")
    #expect(try file.cells("class_names").count == 4)
    for read in [
        { _ = try file.rowVector("class_names") }, { _ = try file.cells("annotations") },
        { _ = try file.structs("class_names", text: "fname", number: "class") },
    ] as [() throws -> Void] {
        let fault = #expect(throws: Fault.self) { try read() }
        #expect(fault?.status == .badData)
    }
}

/// Mutations of small files: plain, compressed, and plain ones packed into a valid compressed element, so that the
/// checksum does not hide the damage.
@Test(arguments: ["cars_test_annos_withlabels.mat", "devkit/cars_train_annos.mat", "devkit/cars_meta.mat"])
func damageIsRefusedOrHarmless(_ name: String) throws {
    let root = try DataRoot()
    let tree = try RawTree.named("stanford_cars")
    let content = try #require(tree.files.first { $0.path == "stanford_cars/\(name)" }?.content)
    let place = "\(root.path)/a.mat"
    var dice = Dice(seed: UInt64(name.utf8.count))
    var opened = 0
    var refused = 0
    for round in 0 ..< 800 {
        var bytes = Array(content)
        for _ in 0 ... dice.below(2) { dice.damage(&bytes, dense: bytes.count) }
        if round % 3 == 0, bytes.count > 128 { bytes = Array(bytes[..<128]) + packed(Array(bytes[128...])) }
        if bytes.isEmpty { continue }
        try Data(bytes).write(to: URL(filePath: place))
        do {
            let file = try MatFile(path: place)
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
        stream.append(end == bytes.count ? 1 : 0)
        for value in [count, ~count] { stream += [UInt8(value & 255), UInt8(value >> 8)] }
        stream += bytes[start ..< end]
    }
    var low: UInt32 = 1
    var high: UInt32 = 0
    for byte in bytes {
        low = (low + UInt32(byte)) % 65521
        high = (high + low) % 65521
    }
    func word(_ value: UInt32) -> [UInt8] { (0 ..< 4).map { UInt8(value >> (8 * $0) & 255) } }
    stream += word(high << 16 | low).reversed()
    return word(15) + word(UInt32(stream.count)) + stream
}

@Test(.enabled(if: sharedData("coop-splits") != nil))
func thePublishedFlowersAreThoseOfTheRuleWithSeedOne() throws {
    let root = try DataRoot()
    let published = try #require(sharedData("coop-splits"))
    let split = try SplitFile(path: "\(published)/split_zhou_OxfordFlowers.json").split
    // The labels by image, as in imagelabels.mat, in a file of version 4.
    var labels: [Int: Int] = [:]
    for item in Array(split.train) + Array(split.val) + Array(split.test) {
        labels[try #require(Int(item.path.dropFirst(6).prefix(5)))] = item.label + 1
    }
    #expect(labels.count == 8189 && labels.keys.max() == 8189)
    func bytes(_ value: some FixedWidthInteger, _ count: Int) -> [UInt8] {
        (0 ..< count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }
    var mat = [0, 1, labels.count, 0, 7].flatMap { bytes($0, 4) } + Array("labels\0".utf8)
    for picture in 1 ... labels.count { mat += bytes(Double(labels[picture] ?? 0).bitPattern, 8) }
    try root.write(Data(mat), to: "oxford_flowers/imagelabels.mat")
    let names = try Data(TestSupport.bytes(of: "\(published)/cat_to_name.json"))
    try root.write(names, to: "oxford_flowers/cat_to_name.json")
    let built = try Catalog.require("oxford_flowers").build(root: root.path)
    #expect(built.source == .raw && built.differences.isEmpty)
    #expect(built.split.classes == split.classes)
    #expect(built.split.train == split.train)
    #expect(built.split.val == split.val)
    #expect(built.split.test == split.test)
}

@Test(arguments: [
    "DgAAAEAAAAAGAAAACAAAAAQAKwAAAAAABQAAAAgAAAAAAAAAAAC8AAEAAAAGAAAAbGFiZWxzAAANAAAABgAAbGVhAGxicwAA",
    "DgAAAKAAAAAGAAAACAAAAAEAAAAAAAAABQAAAAgAAAABAAAAAgAAAAEAAAAGAAAAbGFiZWxzAAAOAAAAMAAAAAYAAAAIAAAABAAA"
        + "AAAAAAAFAAAACAAAAAEAAAABAAAAAQAAAAAAAAAQAAEAYQAAAA4AAAAwAAAABgAAAAgAAAAEAAAAAAAAAAUAAAAIAAAAAAAAAJEA"
        + "AAABAAAAAgAAAAABAAAAAQAAAAYAAABsYWJlbHMAAAkAAAAIAAAAAAAAAAABAAAAAAAAAPD//v+eAAAA",
]) func anArrayWithoutValuesMayNotClaimGigabytes(_ base64: String) throws {
    let root = try DataRoot()
    // Found by fuzzing: an array without values, followed by an element that claims gigabytes.
    let element = try #require(Data(base64Encoded: base64))
    try root.write(Data(repeating: 32, count: 124) + Data([0, 1, 0x49, 0x4D]) + element, to: "a.mat")
    let fault = #expect(throws: Fault.self) { _ = try MatFile(path: "\(root.path)/a.mat").rowVector("labels") }
    #expect(fault?.status == .badData)
}

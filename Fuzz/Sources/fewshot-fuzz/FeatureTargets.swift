internal import Core
internal import Extraction
internal import FeatureImport
internal import FeatureStore
internal import Foundation
internal import TensorFiles

/// The targets of feature files, and of the work of a killed build.
let featureTargets: [Target] = [
    Target("features", seeds: { scratch throws(Fault) in try sampleFiles(scratch) }) { input, scratch throws(Fault) in
        try read(scratch.write(input, "features.h5"))
    },
    // With a correct seal: an input is a list of changes of a valid file.
    Target("sealed-features", seeds: { _ throws(Fault) in patchSeeds }) { input, scratch throws(Fault) in
        guard let base = try bases.value(in: scratch).element(at: input.first) else { return }
        let file = sealedFeatureFile(base.patched(by: input.dropFirst()))
        try read(scratch.write(file, "features.h5"))
    },
    Target("plan") { input, scratch throws(Fault) in
        let plan = try ShardPlan(path: scratch.write(input, "plan.json"))
        _ = (plan.viewCount, plan.itemCount)
        try tolerating { () throws(Fault) in _ = try plan.build() }
        try tolerating { () throws(Fault) in _ = try plan.status() }
    },
    // All inputs of an import in one file.
    Target("import", seeds: { scratch throws(Fault) in [("three", try sampleTensors(scratch))] }) {
        input, scratch throws(Fault) in
        scratch.remove("imported")
        var run = ArrayImport(
            file: scratch.write(input, "all.safetensors"), images: "images", labels: "labels",
            settings: ImportSettings(output: scratch.file("imported"), model: "tiny"))
        run.text = "text"
        run.part = .train
        _ = try run.run()
        let verification = try Verification(of: scratch.file("imported"))
        precondition(verification.isSound, verification.page)
    },
    // Embeddings, labels, and paths in the columns of a table.
    Target("import-table") { input, scratch throws(Fault) in
        scratch.remove("imported")
        var run = ArrayImport(
            images: scratch.write(input, "all.parquet"), settings: ImportSettings(output: scratch.file("imported")))
        run.part = .train
        _ = try run.run()
    },
    Target("journal", seeds: { scratch throws(Fault) in [("two-ranges", try sampleJournal(scratch))] }) {
        input, scratch throws(Fault) in
        scratch.makeFolder("unfinished")
        scratch.write(journalRows, "unfinished/train.rows")
        scratch.write(mendedJournal(input), "unfinished/train.journal")
        let features = try openJournal(scratch)
        for row in 0 ..< journalRowCount where features.hasRow(row) {
            let bytes = try features.read(row ..< row + 1)
            precondition(bytes == Array(journalRows[row * journalRowBytes ..< (row + 1) * journalRowBytes]))
        }
    },
]

/// Reads everything in a feature file.
private func read(_ path: String) throws(Fault) {
    defer { precondition(HDF5.openObjectCount == 0, "HDF5 objects are left open") }
    try tolerating { () throws(Fault) in _ = try Verification(of: path).page }
    let file = try FeatureFile(path: path)
    _ = (file.digest, file.byteCount)
    try tolerating { () throws(Fault) in _ = try file.provenance() }
    try tolerating { () throws(Fault) in
        let labels = try file.labels()
        precondition(labels.count == file.count)
    }
    try tolerating { () throws(Fault) in _ = try file.ids() }
    try tolerating { () throws(Fault) in _ = try (file.imageChecksums(), file.wholePart()) }
    try tolerating { () throws(Fault) in _ = try FeatureSummary(file).page }
    try tolerating { () throws(Fault) in
        var values: [Float] = []
        for view in 0 ..< min(file.views, 4) { try file.read(block: 0 ..< file.count, view: view, into: &values) }
        try file.read(rows: [file.count - 1, 0], view: file.views - 1, into: &values)
        precondition(values.count == 2 * file.width)
    }
    if file.part == .text { _ = try TextFeatures(path: path) }
}

/// Small feature files of two parts, mapped and compressed.
private func sampleFiles(_ scratch: Scratch) throws(Fault) -> [(name: String, bytes: [UInt8])] {
    let provenance = Provenance(tool: "test", inputs: [], settings: ["model": "tiny", "seed": "1"])
    let classes = ["apple", "Bär", "cat"]
    let values: [Float] = (0 ..< 192).map { (place: Int) -> Float in Float(place * 37 % 101) / 50 - 1 }
    let train = scratch.file("train.h5")
    let text = scratch.file("text.h5")
    var writer = try FeatureWriter(
        path: train, part: .train, shape: FeatureShape(count: 12, views: 2, width: 8, type: .float16))
    try writer.append(values.span)
    let labels = (0 ..< 12).map { Int32($0 % 3) }
    let ids = (0 ..< 12).map { "images/\($0).jpg" }
    let whole = WholePart(rows: (0 ..< 12).map { Int32($0 * 2) }, labels: (0 ..< 24).map { Int32($0 / 2 % 3) })
    try writer.commit(
        PartItems(
            labels: labels, ids: ids, classes: classes, images: (0 ..< 12).map { UInt64($0 * 977) }, whole: whole),
        provenance: provenance)
    writer = try FeatureWriter(
        path: text, part: .text, shape: FeatureShape(count: 3, views: 2, width: 8, type: .float32))
    try writer.append(Array(values.prefix(3 * 2 * 8)).span)
    try writer.commit(
        prompts: classes.map { ["a \($0)", "the \($0)"] }, kinds: [.template, .sentence], classes: classes,
        provenance: provenance)
    try PartItems(labels: labels, ids: ids, classes: classes).writeVirtual(
        to: scratch.file("virtual.h5"), parts: ["train.h5"], in: scratch.path, provenance: provenance)
    var files: [(name: String, bytes: [UInt8])] = [("virtual", scratch.bytes("virtual.h5"))]
    for name in ["train", "text"] {
        files.append((name, scratch.bytes("\(name).h5")))
        try FeatureFile(path: scratch.file("\(name).h5")).pack(to: scratch.file("packed.h5"))
        files.append(("\(name)-packed", scratch.bytes("packed.h5")))
    }
    return files
}

/// Features of six items with two views each, their labels and text features.
private func sampleTensors(_ scratch: Scratch) throws(Fault) -> [UInt8] {
    let values: [Float] = (0 ..< 48).map { (place: Int) -> Float in Float(place % 7) - 3.5 }
    try writeSafetensors(
        [
            "images": Tensor(values, shape: [6, 2, 4]), "text": Tensor(Array(values.prefix(24)), shape: [3, 2, 4]),
            "labels": Tensor([0, 1, 2, 0, 1, 2], shape: [6]),
        ], metadata: [:], to: scratch.file("sample.safetensors"))
    return scratch.bytes("sample.safetensors")
}

/// A valid feature file, and the offsets of its metadata.
private struct PatchedFile: Sendable {
    let bytes: [UInt8]
    /// The offsets in the first page's text and in HDF5's structures.
    let places: [Int]

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        places = bytes.indices.filter { place in
            bytes[max(0, place - 4) ... min(place + 4, bytes.count - 1)].contains { $0 != 0 }
        }
    }

    /// The file with `patches` applied, each of two bytes for an offset, a length, and the new bytes.
    func patched(by patches: ArraySlice<UInt8>) -> [UInt8] {
        var file = bytes
        var rest = patches
        while rest.count >= 4 {
            let start = rest.startIndex
            let place = places[(Int(rest[start]) | Int(rest[start + 1]) << 8) % places.count]
            let new = rest.dropFirst(3).prefix(1 + Int(rest[start + 2] & 15))
            for (index, byte) in new.enumerated() where place + index < file.count { file[place + index] = byte }
            rest = rest.dropFirst(3 + new.count)
        }
        return file
    }
}

/// The files that patches are applied to.
private let bases = Made { scratch throws(Fault) in try sampleFiles(scratch).map { PatchedFile($0.bytes) } }

extension [PatchedFile] {
    fileprivate func element(at number: UInt8?) -> PatchedFile? { number.map { self[Int($0) % count] } }
}

private let patchSeeds: [(name: String, bytes: [UInt8])] = (0 ..< 32).map { number in
    let base = UInt8(number % 5)
    let index = UInt8(number / 5)
    return ("\(base)-\(index)", [base, index * 31, index, 1, index * 17, 255])
}

private let journalRowCount = 40
private let journalRowBytes = 24
private let journalRows = (0 ..< journalRowCount * journalRowBytes).map { UInt8(truncatingIfNeeded: $0 &* 7) }

private func openJournal(_ scratch: Scratch) throws(Fault) -> UnfinishedFeatures {
    try UnfinishedFeatures(
        folder: scratch.file("unfinished"), name: "train", count: journalRowCount, rowBytes: journalRowBytes)
}

private func sampleJournal(_ scratch: Scratch) throws(Fault) -> [UInt8] {
    scratch.remove("unfinished")
    var features = try openJournal(scratch)
    for range in [0 ..< 8, 20 ..< 23] {
        let bytes = Array(journalRows[range.lowerBound * journalRowBytes ..< range.upperBound * journalRowBytes])
        unsafe try features.put(bytes.span.bytes, at: range.lowerBound)
    }
    return scratch.bytes("unfinished/train.journal")
}

/// A journal with the correct checksum in each line, except for lines that end in 0xFF.
private func mendedJournal(_ journal: [UInt8]) -> [UInt8] {
    var journal = journal
    for start in stride(from: 0, to: journal.count - 31, by: 32) where journal[start + 31] != 0xFF {
        let first = journal[start]
        let count = journal[start + 8]
        if Int(first) + Int(count) <= journalRowCount, journal[start + 16] & 1 == 0 {
            let rows = journalRows[Int(first) * journalRowBytes ..< (Int(first) + Int(count)) * journalRowBytes]
            journal.replaceSubrange(
                start + 16 ..< start + 24, with: littleEndian([(unsafe checksum(rows.span.bytes), 8)]))
        }
        let sum = unsafe checksum(journal[start ..< start + 24].span.bytes)
        journal.replaceSubrange(start + 24 ..< start + 32, with: littleEndian([(sum, 8)]))
    }
    return journal
}
